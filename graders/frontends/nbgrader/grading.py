"""One repaired notebook to verdicts and outputs: a function of the notebook, the keys and a warm worker alone.

It touches no gradebook and no file, so that notebooks can be graded ahead of nbgrader's own bookkeeping.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from graders.engine.source import Cell
from graders.frontends.nbgrader.outputs import captured_outputs
from graders.frontends.nbgrader.submitted import MARK
from graders.frontends.untouched import needless, stub_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbformat import NotebookNode

    from graders.engine.card import Card
    from graders.engine.key import Key
    from graders.engine.reporting import Feedback
    from graders.engine.verdict import ExerciseVerdict


class Worker(Protocol):
    """A warm worker: `graders.engine.worker.client.Zygote`."""

    def session(self, cells: Sequence[Cell], *, pictures: bool = False, seconds: float = 60.0) -> Any:
        """Run the cells and answer questions about what they define."""


@dataclass(frozen=True)
class Graded:
    """What grading one notebook gives. ``outputs``: by the index of the cell in the notebook."""

    verdicts: tuple[ExerciseVerdict, ...]
    outputs: Mapping[int, list[NotebookNode]]


def cells_to_run(notebook: NotebookNode) -> dict[int, Cell]:
    """Return the cells the worker runs, by their index in the notebook."""
    return {
        index: Cell(cell.metadata[MARK]["label"], cell.source)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.metadata.get(MARK, {}).get("runs", False)
    }


def grade_notebook(
    notebook: NotebookNode,
    card: Card,
    keys: Mapping[str, Key],
    worker: Worker,
    *,
    feedback: Feedback = "numbers",
    demonstrations: Callable[[], Mapping[str, list[NotebookNode]]] | None = None,
) -> Graded:
    """Run a repaired notebook in a worker and judge its exercises; an unreadable one has no verdicts.

    ``demonstrations``: what the cells of the stub show, by source; one that is untouched and needless does not run.
    """
    from graders.engine.asking import asking
    from graders.engine.judge import judge

    if "unreadable" in notebook.metadata.get(MARK, {}):
        return Graded((), {})
    cells = cells_to_run(notebook)
    shown = {} if demonstrations is None else demonstrations()
    passed = needless(tuple(cells.values()), card.slug)
    run = {index: cell for index, cell in cells.items() if cell.name not in passed or shown.get(cell.source) is None}
    with worker.session(tuple(run.values()), pictures=True, seconds=card.submission_seconds) as session:
        ask = asking(session, tuple(run.values()))
        verdicts = judge(card, keys, ask, feedback=feedback)
        ran = session.ran
    outputs = {index: deepcopy(shown[cell.source]) for index, cell in cells.items() if index not in run}
    outputs |= {index: captured_outputs(done.outputs) for index, done in zip(run, ran, strict=False)}
    return Graded(verdicts, outputs)


def content(notebook: NotebookNode) -> tuple[tuple[str, str], ...]:
    """Return all that the grade of a repaired notebook depends on, and where its outputs go."""
    return tuple((f"{index} {cell.name}", cell.source) for index, cell in cells_to_run(notebook).items())


def demonstrations(slug: str, worker: Worker, seconds: float) -> dict[str, list[NotebookNode]]:
    """Return what the demonstrations of an assignment show, by source; none of those that need the student's work."""
    cells = stub_cells(slug)
    with worker.session(cells, pictures=True, seconds=seconds) as session:
        runs = zip(cells, session.ran, strict=False)
        return {cell.source: captured_outputs(run.outputs) for cell, run in runs if run.error is None}
