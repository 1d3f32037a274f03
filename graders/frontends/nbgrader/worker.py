"""The one warm worker of a command: started when first needed, replaced when it dies, closed at the end."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graders.engine.worker.client import Zygote


class Workshop:
    """Lends a warm worker to everyone in this process."""

    def __init__(self) -> None:
        self._zygote: Zygote | None = None

    def zygote(self, *, trust: bool = False) -> Zygote:
        """Return the warm worker, started now if there is none."""
        if self._zygote is None:
            from graders.engine.worker.client import Zygote

            self._zygote = Zygote(trust=trust).__enter__()
            atexit.register(self.close)
        return self._zygote

    @property
    def isolation(self) -> str:
        """Return how the worker locks submissions in; empty while there is none."""
        return "" if self._zygote is None else self._zygote.isolation

    def close(self) -> None:
        """Let the worker go; the next request starts another."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            atexit.unregister(self.close)
            zygote.__exit__(None, None, None)


WORKSHOP = Workshop()
