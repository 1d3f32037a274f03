"""Grading ahead: while nbgrader books one submission, the worker already runs the next ones.

A result is handed out only for exactly the cells it was made from, so whoever asks gets what grading on the spot would
give; where there is none, or making it failed, grading on the spot is what happens.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from graders.engine.source import Unreadable
from graders.frontends.nbgrader import course
from graders.frontends.nbgrader.grading import Graded, content, grade_notebook
from graders.frontends.nbgrader.repair import repair
from graders.frontends.nbgrader.submitted import read_submission
from graders.frontends.nbgrader.worker import WORKSHOP
from graders.frontends.pool import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graders.frontends.nbgrader.preprocessors import GradeNotebook
    from graders.frontends.nbgrader.record import MasterCell

Content: TypeAlias = "tuple[tuple[str, str], ...]"  # label and source of the cells that run, in order
Result: TypeAlias = "tuple[Content, Graded] | None"

REACH = 4  # submissions graded before they are asked for: what waits takes memory


@dataclass
class Ahead:
    """Submissions in the order in which they will be asked for, the instructor's record, and the way to grade one."""

    folders: Sequence[str]
    record: tuple[MasterCell, ...]
    grade: Callable[[str], Result]
    _pool: ThreadPoolExecutor = field(init=False)
    _results: dict[str, Future[Result]] = field(default_factory=dict, init=False)
    _current: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(cores(), "ahead")

    def begin(self, folder: str) -> None:
        """Say which submission is booked now: results of earlier ones are dropped, the next ones started."""
        self._results.pop(self._current, None)
        self._current = folder
        if folder not in self.folders:
            return
        at = self.folders.index(folder)
        for later in self.folders[at : at + 1 + REACH]:
            if later not in self._results:
                self._results[later] = self._pool.submit(self.grade, later)

    def result(self, content: Content) -> Graded | None:
        """Return the result for these cells of the present submission; None where there is none."""
        future = self._results.get(self._current)
        try:
            made = future.result() if future is not None else None
        except Exception:  # grading on the spot tells what is the matter
            return None
        return made[1] if made is not None and made[0] == content else None

    def close(self) -> None:
        """Drop what is not needed any more and wait for what is under way."""
        self._pool.shutdown(cancel_futures=True)
        self._results.clear()


def start(converter: Any, step: GradeNotebook, record: tuple[MasterCell, ...], folders: Iterable[str]) -> Ahead:
    """Return the grading ahead of an ``autograde`` command: of all folders it will not pass over."""
    course_folder, slug = converter.coursedir, converter.coursedir.assignment_id
    card, keys = course.card_of(slug), course.keys_of(slug, course.seed_of(Path(course_folder.root)))
    submitted = Path(course_folder.format_path(course_folder.submitted_directory, ".", "."))
    trust, feedback = step.trust_submissions, step.feedback

    def finished(folder: str) -> bool:
        path = Path(folder)
        return Path(converter._format_dest(path.name, path.parent.name), f"{path.name}.ipynb").exists()  # noqa: SLF001

    def grade(folder: str) -> Result:
        try:
            notebook = repair(read_submission(Path(folder, f"{slug}.ipynb"), submitted), record)
        except Unreadable:  # left to its turn
            return None
        worker = WORKSHOP.zygote(trust=trust)
        shown = partial(WORKSHOP.demonstrations, card)
        graded = grade_notebook(notebook, card, keys, worker, feedback=feedback, demonstrations=shown)
        return content(notebook), graded

    return Ahead([folder for folder in sorted(folders) if converter.force or not finished(folder)], record, grade)
