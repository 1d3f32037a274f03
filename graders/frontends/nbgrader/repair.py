"""A submitted notebook put in order: every cell of the instructor's record once, with its own metadata.

What a student's metadata says is not believed. Locked and check cells get the instructor's text; an answer is found
by the function it defines, then by the grade_id it claims; what is missing is put back; everything else the student
wrote stays, as an ordinary cell, and runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbformat.v4 import new_notebook

from graders.frontends.nbgrader.nodes import cell_node
from graders.frontends.nbgrader.submitted import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbformat import NotebookNode

    from graders.frontends.nbgrader.record import MasterCell

RESTORED = "This cell was missing from the submission and has been put back."


@dataclass(frozen=True)
class Piece:
    """One cell of the student. ``number``: its place among the code cells, as the student counts them."""

    kind: str
    source: str
    claimed: str
    number: int


@dataclass(frozen=True)
class Placed:
    """One cell of the notebook in order. ``runs``: whether the worker executes it."""

    kind: str
    source: str
    master: MasterCell | None
    label: str
    runs: bool
    restored: bool = False


def repair(notebook: NotebookNode, record: Sequence[MasterCell]) -> NotebookNode:
    """Return a new notebook: the student's texts, the record's cells and metadata."""
    repaired = new_notebook()
    if MARK in notebook.metadata:
        repaired.metadata[MARK] = notebook.metadata[MARK]
    placed = in_order(pieces(notebook), record)
    if "unreadable" in notebook.metadata.get(MARK, {}):
        placed.sort(key=lambda cell: cell.master is not None)  # the message comes first
    repaired.cells = [_cell(index, cell) for index, cell in enumerate(placed)]
    return repaired


def pieces(notebook: NotebookNode) -> list[Piece]:
    """Return the student's cells, reduced to kind, text, claimed id and number."""
    found = []
    number = 0
    for cell in notebook.cells:
        number += cell.cell_type == "code"
        nbgrader = cell.metadata.get("nbgrader", {})
        claimed = nbgrader.get("grade_id", "") if isinstance(nbgrader, dict) else ""
        found.append(Piece(cell.cell_type, cell.source, claimed if isinstance(claimed, str) else "", number))
    return found


def in_order(cells: Sequence[Piece], record: Sequence[MasterCell]) -> list[Placed]:
    """Return the cells of the repaired notebook, in the order in which they run."""
    match = matched(cells, record)
    masters = {index: cell for cell in record if (index := match.get(cell.name)) is not None}
    placed: list[Placed] = []
    for index, piece in enumerate(cells):
        if index in masters:
            placed += _taken(piece, masters[index])
        else:
            placed.append(Placed(piece.kind, piece.source, None, str(piece.number), piece.kind == "code"))
    for before, cell in zip((None, *record), record, strict=False):
        if cell.name not in match:
            placed.insert(_place_after(before, placed), _restored(cell))
    return placed


def matched(cells: Sequence[Piece], record: Sequence[MasterCell]) -> dict[str, int]:
    """Return for each cell of the record the index of the student's cell that stands for it."""
    match: dict[str, int] = {}
    taken: set[int] = set()
    for rule in (_same_text, _same_function, _same_claim):
        for cell in record:
            if cell.name in match:
                continue
            index = _first(index for index in rule(cells, cell) if index not in taken)
            if index is not None:
                match[cell.name] = index
                taken.add(index)
    return match


def defines(source: str, name: str) -> bool:
    """Whether the text gives ``name`` a meaning at its left margin."""
    pattern = rf"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+{name}\b|{name}[ \t]*(?::[^=\n]+)?=(?!=))"
    return re.search(pattern, source, re.MULTILINE) is not None


def _same_text(cells: Sequence[Piece], cell: MasterCell) -> list[int]:
    """Locked cells, unchanged: those that also claim the id come first."""
    if not cell.locked:
        return []
    same = [
        index
        for index, piece in enumerate(cells)
        if piece.kind == cell.cell_type and piece.source.strip() == cell.source.strip()
    ]
    return sorted(same, key=lambda index: cells[index].claimed != cell.name)


def _same_function(cells: Sequence[Piece], cell: MasterCell) -> list[int]:
    """Answers in code: the cell that defines the function; the claimed one first, then the last."""
    if cell.locked or cell.cell_type != "code":
        return []
    found = [
        index
        for index, piece in enumerate(cells)
        if (piece.kind == "code" or piece.claimed == cell.name) and defines(piece.source, cell.name)
    ]
    return sorted(found, key=lambda index: (cells[index].claimed != cell.name, -index))


def _same_claim(cells: Sequence[Piece], cell: MasterCell) -> list[int]:
    """Whatever claims the id: one that differs from the instructor's text first."""
    found = [index for index, piece in enumerate(cells) if piece.claimed == cell.name]
    return sorted(found, key=lambda index: cells[index].source.strip() == cell.source.strip())


def _first(indices: Iterable[int]) -> int | None:
    return next(iter(indices), None)


def _taken(piece: Piece, cell: MasterCell) -> list[Placed]:
    """Return the record's cell, and behind a locked one the student's own text where it differs."""
    code = cell.cell_type == "code"
    label = str(piece.number) if piece.kind == "code" else cell.name
    if not cell.locked:
        return [Placed(cell.cell_type, piece.source, cell, label, code)]
    placed = [Placed(cell.cell_type, cell.source, cell, label, code and not cell.check)]
    if piece.source.strip() and piece.source.strip() != cell.source.strip():
        placed.append(Placed(piece.kind, piece.source, None, label, piece.kind == "code"))
    return placed


def _restored(cell: MasterCell) -> Placed:
    """Put a cell back. A stub does not run: the student may define the function in a way not seen here."""
    runs = cell.cell_type == "code" and cell.locked and not cell.check
    return Placed(cell.cell_type, cell.source, cell, cell.name, runs, restored=True)


def _place_after(before: MasterCell | None, placed: Sequence[Placed]) -> int:
    """Return where a missing cell goes: behind the one before it in the record, else at the top."""
    if before is None:
        return 0
    for index, cell in enumerate(placed):
        if cell.master is not None and cell.master.name == before.name:
            return index + 1
    return len(placed)


def _cell(index: int, placed: Placed) -> NotebookNode:
    mark: dict[str, Any] = {"label": placed.label, "runs": placed.runs}
    if placed.restored:
        mark["restored"] = True
    metadata: dict[str, Any] = {MARK: mark}
    if placed.master is not None:
        metadata["nbgrader"] = placed.master.metadata()
    return cell_node(placed.kind, placed.source, f"cell-{index}", metadata)
