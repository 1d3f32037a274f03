"""The steps that lock one session in, in the order they are taken."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graders.engine.worker import limits

if TYPE_CHECKING:
    from graders.engine.worker.confine.levels import Level
    from graders.engine.worker.confine.tree import Plan


@dataclass
class Cell:
    """One session's confinement."""

    plan: Plan
    level: Level
    number: int
    scratch: str = field(default="", init=False)

    def make_scratch(self) -> None:
        """Make the session's own directory."""
        self.scratch = tempfile.mkdtemp(prefix="work-", dir=self.plan.base)

    def remove_scratch(self) -> None:
        """Remove the session's directory."""
        from graders.engine.worker.supervisor import remove

        remove(self.scratch)

    def lock(self) -> None:
        """Give up everything that is not needed. There is no way back."""
        limits.apply(tasks=None)
