"""One repaired notebook to verdicts and outputs: a function of the notebook, the keys and a warm worker alone.

It touches no gradebook and no file, so that notebooks can be graded ahead of nbgrader's own bookkeeping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from graders.engine.source import Cell
from graders.frontends.nbgrader.outputs import captured_outputs
from graders.frontends.nbgrader.submitted import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
) -> Graded:
    """Run a repaired notebook in a worker and judge its exercises; an unreadable one has no verdicts."""
    from graders.engine.asking import asking
    from graders.engine.judge import judge

    if "unreadable" in notebook.metadata.get(MARK, {}):
        return Graded((), {})
    cells = cells_to_run(notebook)
    with worker.session(tuple(cells.values()), pictures=True, seconds=card.submission_seconds) as session:
        ask = asking(session, tuple(cells.values()))
        verdicts = judge(card, keys, ask, feedback=feedback)
        ran = session.ran
    outputs = {index: captured_outputs(run.outputs) for index, run in zip(cells, ran, strict=False)}
    return Graded(verdicts, outputs)
