"""What lies between the judge's questions and a session: why a function is missing, and where a file's lines are."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from graders.engine.observation import Observation, Question, Raised
    from graders.engine.source import Cell
    from graders.engine.wire import CellRun


class Asked(Protocol):
    """A session: the cells have run, questions can be put."""

    @property
    def ran(self) -> Sequence[CellRun]:
        """Return what each cell did."""

    def ask(self, question: Question, seconds: float = 10.0) -> Observation:
        """Put one question."""

    def ask_in_turn(self, questions: Sequence[Question], seconds: float = 10.0) -> Generator[Observation]:
        """Put questions one after the other to one fresh process."""


def asking(session: Asked, cells: Sequence[Cell], *, script: bool = False) -> Asking:
    """Return the judge's way to ask: a function that is missing because its cell failed says so.

    ``script``: the cells are statements of a Python file and count its lines, so their numbers mean nothing to
    the student and are left out of every traceback.
    """
    return Asking(session, tuple(cells), script=script)


@dataclass(frozen=True)
class Asking:
    """Puts questions to a session: each to a process of its own when called, or several ``in_turn`` to one."""

    session: Asked
    cells: tuple[Cell, ...]
    script: bool = False

    def __call__(self, question: Question, seconds: float) -> Observation:
        """Put one question to a fresh process."""
        return self._worded(question, self.session.ask(question, seconds))

    def in_turn(self, questions: Sequence[Question], seconds: float) -> Generator[Observation]:
        """Put questions one after the other to one fresh process; fewer answers come where it ends before the last."""
        with closing(self.session.ask_in_turn(questions, seconds)) as answers:
            for question, seen in zip(questions, answers, strict=False):
                yield self._worded(question, seen)

    def _worded(self, question: Question, seen: Observation) -> Observation:
        if seen.outcome == "missing" and seen.error is None:
            seen = replace(seen, error=_failure(self.session, self.cells, question.function))
        if self.script and seen.error is not None:
            frames = tuple(replace(frame, cell="") for frame in seen.error.frames)
            seen = replace(seen, error=replace(seen.error, frames=frames))
        return seen


def _failure(session: Asked, cells: Sequence[Cell], name: str) -> Raised | None:
    """Return the error of the last cell that was to define a name and failed."""
    definition = re.compile(rf"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b", re.MULTILINE)
    errors = (run.error for cell, run in zip(cells, session.ran, strict=False) if definition.search(cell.source))
    return next((error for error in reversed(list(errors)) if error is not None), None)
