"""What a student handed in, as a plain notebook: read once, no links followed, nothing of its metadata kept.

The only thing a cell keeps beside its kind and text is the grade_id it claims, which helps to place it; whether
the claim holds is decided against the instructor's record (see `repair`).
"""

from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING, Any

from nbformat.v4 import new_notebook

from graders.engine.script import decoded
from graders.engine.source import Unreadable, read, read_bytes
from graders.frontends.nbgrader.nodes import cell_node

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

MARK = "descentlab"  # our own metadata, of notebooks and cells
MOST_CELLS = 2000
SUFFIXES = {".ipynb", ".py"}


def read_submission(expected: Path, root: Path) -> NotebookNode:
    """Return the notebook of a submission folder; one under another name is taken where it is the only one.

    ``expected`` is where the notebook should be, ``root`` the instructor's folder of all submissions above it.

    Raises
    ------
    Unreadable
        Nothing here can be graded; the sentence says why and what to do.
    """
    _refuse_links(expected.parent, root)
    path = expected if _exists(expected) else _only_candidate(expected)
    submission = read(path)
    if submission.kind == "py":
        return plain_notebook([("code", _without_padding(cell.source), "") for cell in submission.cells])
    document = json.loads(decoded(read_bytes(path)))
    sources = [cell.source for cell in submission.cells]
    return plain_notebook(_cells(document, sources))


def plain_notebook(cells: list[tuple[str, str, str]]) -> NotebookNode:
    """Return a notebook of (kind, text, claimed grade_id) with ids of our own and no other metadata."""
    notebook = new_notebook()
    for index, (kind, source, claimed) in enumerate(cells):
        metadata = {"nbgrader": {"grade_id": claimed}} if claimed else {}
        notebook.cells.append(cell_node(kind, source, f"cell-{index}", metadata))
    return notebook


def unreadable_notebook(message: str) -> NotebookNode:
    """Return an empty notebook that says why there is no other."""
    notebook = new_notebook()
    notebook.metadata[MARK] = {"unreadable": message}
    text = f"**This submission could not be read.** {message}"
    notebook.cells.append(cell_node("markdown", text, "cell-message"))
    return notebook


def _exists(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _refuse_links(folder: Path, root: Path) -> None:
    """Refuse a folder that is, or lies below, a link of a student: it may point at anything."""
    for part in (folder, *folder.parents):
        if part == root:
            break
        if part.is_symlink():
            raise Unreadable(f"The folder {part.name} is a link to another place. Hand in the folder itself.")
    if not folder.is_dir():
        raise Unreadable(f"{folder.name} is not a folder. Hand in a folder {folder.name} with the notebook in it.")


def _only_candidate(expected: Path) -> Path:
    """Return the one notebook of the folder, or else its one Python file."""
    entries = sorted(entry for entry in expected.parent.iterdir() if entry.suffix.lower() in SUFFIXES)
    files = [entry for entry in entries if stat.S_ISREG(entry.lstat().st_mode)]
    for suffix in (".ipynb", ".py"):
        found = [entry for entry in files if entry.suffix.lower() == suffix]
        if len(found) == 1:
            return found[0]
        if found:
            raise Unreadable(
                f"There is no {expected.name}, and more than one other file to take instead. "
                f"Name the right one {expected.name} and hand it in again."
            )
    raise Unreadable(f"There is no {expected.name} in this submission. Hand in the notebook under this name.")


def _cells(document: dict[str, Any], sources: list[str]) -> list[tuple[str, str, str]]:
    """Pair the document's cells with the code texts the reader made of them; text cells are read here."""
    code = iter(sources)
    raw = document.get("cells")
    if not isinstance(raw, list):
        raw = [cell for sheet in document["worksheets"] if "cells" in sheet for cell in sheet["cells"]]
    if len(raw) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(raw)} cells; at most {MOST_CELLS} are read. Delete those not needed.")
    cells = []
    for cell in raw:
        if not isinstance(cell, dict):
            continue
        kind = cell.get("cell_type")
        if kind == "code":
            cells.append(("code", next(code), _claimed(cell)))
        else:
            cells.append(("markdown" if kind in ("markdown", "heading") else "raw", _text(cell), _claimed(cell)))
    return cells


def _without_padding(source: str) -> str:
    """Drop the empty lines that keep a Python file's line numbers: a notebook counts by the cell."""
    return re.sub(r"\A(?:(from __future__ [^\n]+)|#)?\n+", lambda match: f"{match[1]}\n" if match[1] else "", source)


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.encode("utf-8", "replace").decode("utf-8") if isinstance(source, str) else ""


def _claimed(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    claimed = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return claimed if isinstance(claimed, str) and claimed.isidentifier() and len(claimed) <= 128 else ""
