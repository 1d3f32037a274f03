"""The instructor's record of a notebook: what the gradebook knows of every cell that matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graders.engine.card import Card

CHECK = "check_"  # the grade_id of a check cell is this and the exercise's name


@dataclass(frozen=True)
class MasterCell:
    """One cell as the instructor made it."""

    name: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float
    checksum: str | None

    @property
    def check(self) -> bool:
        """Whether this cell is graded by the program."""
        return self.grade and not self.solution and self.cell_type == "code"

    def metadata(self) -> dict[str, Any]:
        """Return nbgrader's metadata of this cell, complete and of the current schema."""
        record: dict[str, Any] = {
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
        }
        if self.grade or self.task:
            record["points"] = self.points
        return record


def read_record(gradebook: Any, notebook: str, assignment: str) -> tuple[MasterCell, ...]:
    """Return the cells the instructor saved with ``nbgrader generate_assignment``, in their order."""
    saved = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in (*saved.grade_cells, *saved.task_cells)}
    grades = {cell.name for cell in saved.grade_cells}
    solutions = {cell.name for cell in saved.solution_cells}
    tasks = {cell.name for cell in saved.task_cells}
    return tuple(
        MasterCell(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=float(points.get(cell.name, 0.0)),
            checksum=cell.checksum,
        )
        for cell in saved.source_cells
    )


def disagreement(card: Card, record: tuple[MasterCell, ...]) -> str:
    """Say where the record and the card do not fit together, or return an empty string."""
    checks = {cell.name: cell.points for cell in record if cell.check}
    for exercise in card.exercises:
        name = CHECK + exercise.name
        if name not in checks:
            return f"it has no check cell {name}"
        if checks.pop(name) != exercise.points:
            return f"{name} has other points than the {exercise.points:g} of the exercise"
    for name in checks:
        return f"its check cell {name} belongs to no exercise"
    return ""
