"""The first stage: a file becomes the student's cells, or one sentence on why it cannot be read.

Nothing of the file is trusted. It is opened once, without following links; text that is broken in one place costs
that place only; everything else ends in `Unreadable`, whose sentence names the file and the cure.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from graders.engine.script import decoded, script_cells

if TYPE_CHECKING:
    from collections.abc import Collection

LARGEST = 20 * 1024 * 1024  # bytes; a notebook this large holds pictures or data, not an answer
SAVE_AGAIN = "Open it in Jupyter, save it again and hand in the saved file."
HAND_IN = "Hand in the file itself: a notebook (.ipynb) or a Python file (.py)."
_DEFINITION = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


class Unreadable(Exception):  # noqa: N818 - it reads as what it says
    """Why a submission cannot be read: one sentence for the student, naming the file and the cure."""


@dataclass(frozen=True)
class Cell:
    """One code cell: its number as the student counts them, and its text."""

    name: str
    source: str


@dataclass(frozen=True)
class Submission:
    """What one student handed in: code cells only. ``notes`` are sentences on what had to be passed over."""

    path: Path
    student: str
    assignment: str | None
    cells: tuple[Cell, ...]
    kind: Literal["notebook", "py"]
    notes: tuple[str, ...] = field(default=())

    def defines(self) -> set[str]:
        """Return the names that stand at the left margin after ``def``, ``class`` or before ``=``."""
        matches = (match for cell in self.cells for match in _DEFINITION.finditer(cell.source))
        return {match.group(1) or match.group(2) for match in matches}


def read(
    path: str | Path, *, locked: Collection[str] = (), student: str = "", assignment: str | None = None
) -> Submission:
    """Read a notebook or a Python file; cells whose text equals one of ``locked`` are dropped.

    Raises `Unreadable` with a sentence that names the file and the cure.
    """
    path = Path(path)
    data = read_bytes(path)
    if not data.strip():
        raise Unreadable(f"{path.name} is empty. {SAVE_AGAIN}")
    text = decoded(data)
    kind: Literal["notebook", "py"] = "notebook" if _is_notebook(path, text) else "py"
    notes: list[str] = []
    if kind == "notebook":
        pairs = [(str(number), source) for number, source in enumerate(_notebook(text, path.name, notes), 1)]
    else:
        if "\0" in text:
            raise Unreadable(f"{path.name} is neither a notebook nor Python text. {HAND_IN}")
        pairs = [(str(number), source) for number, source in enumerate(script_cells(text), 1)]
    dropped = {source.strip() for source in locked}
    cells = tuple(Cell(name, source) for name, source in pairs if source.strip() not in dropped)
    return Submission(path, student or path.stem, assignment, cells, kind, tuple(notes))


def read_bytes(path: Path) -> bytes:
    """Return the content of a regular file of at most 20 MB, opened once and without following a link."""
    name = path.name
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise Unreadable(f"There is no file {name}. Check the name and the folder.") from None
    except PermissionError:
        raise Unreadable(f"{name} may not be read. Give it read permission and grade it again.") from None
    except OSError:
        what = "is a link to another file" if path.is_symlink() else "cannot be opened"
        raise Unreadable(f"{name} {what}. {HAND_IN}") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or (path.is_symlink() and not hasattr(os, "O_NOFOLLOW")):
        os.close(handle)
        what = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not an ordinary file"
        raise Unreadable(f"{name} {what}. {HAND_IN}")
    with os.fdopen(handle, "rb") as file:
        try:
            data = file.read(LARGEST + 1)
        except OSError:
            raise Unreadable(f"{name} cannot be read to its end. Copy it again.") from None
    if len(data) > LARGEST:
        raise Unreadable(
            f"{name} is larger than {LARGEST // 2**20} MB. Clear all outputs in Jupyter, save and hand it in again."
        )
    return data


def _is_notebook(path: Path, text: str) -> bool:
    name = path.name.lower()
    if name.endswith(".py"):
        return False
    if ".ipynb" in name or name.endswith(".json"):
        return True
    return text.lstrip().startswith("{")


def _notebook(text: str, name: str, notes: list[str]) -> list[str]:
    document = _json(text, name)
    if not isinstance(document, dict) or not ({"cells", "worksheets"} & document.keys()):
        raise Unreadable(f"{name} is JSON, but no Jupyter notebook: it has no cells. {SAVE_AGAIN}")
    language = _language(document)
    if language and "python" not in language.lower():
        raise Unreadable(
            f"{name} is a notebook for {_short(language)}, and this course is in Python. "
            "Choose Kernel > Change Kernel > Python 3, save and hand it in again."
        )
    sources: list[str] = []
    for cell in _cells(document, name):
        if not isinstance(cell, dict):
            notes.append(f"{name} holds an entry that is no cell; it was passed over.")
        elif cell.get("cell_type") == "code":
            sources.append(_source(cell, f"{name}, code cell {len(sources) + 1}", notes))
    return sources


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if re.search(r"^<{7}|^>{7}", text, re.MULTILINE):
            raise Unreadable(
                f"{name} holds the marks of an unfinished git merge (<<<<<<<). "
                f"Keep one of the two versions and save it again."
            ) from None
        raise Unreadable(f"{name} is damaged: it stops being a notebook at line {error.lineno}. {SAVE_AGAIN}") from None
    except (RecursionError, ValueError):
        raise Unreadable(f"{name} is damaged: its JSON cannot be read. {SAVE_AGAIN}") from None


def _language(document: dict[str, Any]) -> str:
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        holder = metadata.get(part)
        if isinstance(holder, dict) and isinstance(holder.get(key), str):
            return str(holder[key])
    return ""


def _cells(document: dict[str, Any], name: str) -> list[Any]:
    """Return the cells of any version of the format: formats 2 and 3 keep them in worksheets."""
    cells = document.get("cells")
    if isinstance(cells, list):
        return cells
    worksheets = document.get("worksheets")
    if isinstance(worksheets, list):
        sheets = [sheet["cells"] for sheet in worksheets if isinstance(sheet, dict) and "cells" in sheet]
        if all(isinstance(sheet, list) for sheet in sheets):
            return [cell for sheet in sheets for cell in sheet]
    raise Unreadable(f"{name} is damaged: its cells are not a list. {SAVE_AGAIN}")


def _source(cell: dict[str, Any], where: str, notes: list[str]) -> str:
    """Return a cell's text; formats 2 and 3 call it ``input``, format 1 ``code``."""
    source = next((cell[key] for key in ("source", "input", "code") if key in cell), "")
    if source is None:
        return ""
    if isinstance(source, str):
        return _plain(source)
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return _plain("".join(source))
    notes.append(f"{where} holds no text and was passed over. {SAVE_AGAIN}")
    return ""


def _plain(text: str) -> str:
    """Return text that can be encoded: lone surrogates, which JSON may spell, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _short(text: str) -> str:
    """Return a name out of a file as one short printable word."""
    return "".join(letter for letter in text if letter.isprintable())[:40]
