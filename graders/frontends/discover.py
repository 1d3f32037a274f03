"""Who handed in what: PATH... becomes a list of (student, assignment, file), in a fixed order.

Folders are read by their shape: ``STUDENT/…``, nbgrader's ``submitted/STUDENT/SLUG/SLUG.ipynb``,
``SLUG/STUDENT.py``, or files named after the student. Nothing that looks handed in is lost: what cannot be read is
listed as well, and the grader says why.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graders.cards import EXERCISES, SLUGS
from graders.engine.source import Unreadable, read_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_SKIPPED = re.compile(r"^(?:\..*|__pycache__|__MACOSX|node_modules|Thumbs\.db|desktop\.ini|__init__\.py|.*\.pyc)$")
_LIKE_SUBMISSION = re.compile(r"\.(?:ipynb|py)(?:$|[^\w])|\.(?:ipynb|py)$", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:ipynb|py)(?:\W.*)?$", re.IGNORECASE | re.DOTALL)
_DEFINED = re.compile(rb"(?:^|[\n\"]|\\n)(?:async +)?(?:def|class) +(\w+)")
_BETWEEN = " _-.+,()[]"


@dataclass(frozen=True, order=True)
class Found:
    """One submission: whose it is, for which assignment (None: nothing tells), and where it lies."""

    student: str
    assignment: str | None
    path: Path


def discover(paths: Iterable[str | Path], assignment: str | None = None) -> list[Found]:
    """Return every submission under the paths, each once, sorted; ``assignment`` leaves out those named otherwise."""
    found: dict[Path, Found] = {}
    for given in paths:
        path = Path(os.path.abspath(given))  # noqa: PTH100 - resolve() would follow a link a student made
        for one in _folder(path) if path.is_dir() and not path.is_symlink() else [_file(path, ())]:
            if assignment is None or one.assignment in (None, assignment):
                found.setdefault(one.path, one)
    chosen = [_assigned(one, assignment) for one in found.values()]
    chosen.sort(key=lambda one: (one.student, one.assignment or "", str(one.path)))
    return chosen


def assignment_in(text: str) -> str | None:
    """Return the assignment that a file or folder name speaks of: its slug, or ``ps3`` as a word of its own."""
    lowered = text.lower()
    for slug in SLUGS:
        if slug in lowered or re.search(rf"(?<![a-z0-9]){slug.split('_')[0]}(?![a-z0-9])", lowered):
            return slug
    return None


def guess(names: Collection[str]) -> str | None:
    """Return the latest assignment that asks for one of these functions: notebooks repeat helpers of earlier ones."""
    return next((slug for slug in reversed(SLUGS) if set(EXERCISES[slug]) & set(names)), None)


def _assigned(one: Found, assignment: str | None) -> Found:
    slug = assignment or one.assignment or guess(_functions(one.path))
    return Found(one.student, slug, one.path)


def _functions(path: Path) -> set[str]:
    """Return the names defined in a file, found in its raw text."""
    try:
        data = read_bytes(path)
    except Unreadable:
        return set()
    return {match.group(1).decode("ascii", "replace") for match in _DEFINED.finditer(data)}


def _folder(root: Path) -> list[Found]:
    """Return what a folder holds: students' folders and files, or a course folder's ``submitted``."""
    submitted = root / "submitted"
    if submitted.is_dir() and not submitted.is_symlink():
        return _folder(submitted)
    return _students(root, (root.name,) if _is_assignment_folder(root.name) else ())


def _students(root: Path, outer: tuple[str, ...]) -> list[Found]:
    found: list[Found] = []
    for entry in _entries(root):
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False):
            if _looks_handed_in(entry):
                found.append(_file(path, outer))
        elif _is_assignment_folder(entry.name):
            # SLUG/… inside: what it holds belongs to students below it, or to the student this folder is named after
            found += _students(path, (*outer, entry.name))
        else:
            found += _of_student(path, outer)
    return found


def _is_assignment_folder(name: str) -> bool:
    return name in SLUGS or assignment_in(name) == name.lower() or name.lower() in {s.split("_")[0] for s in SLUGS}


def _of_student(folder: Path, outer: tuple[str, ...]) -> list[Found]:
    """Return everything inside one student's folder; a folder without a submission is listed itself."""
    found: list[Found] = []
    for path in _walk(folder):
        inner = path.relative_to(folder).parts
        found.append(Found(folder.name, _named((*outer, *inner)), path))
    answers = [one for one in found if one.assignment or guess(_functions(one.path))]
    if answers and len(answers) < len(found):
        # beside an answer, a Python file that answers nothing is a helper; a notebook still counts
        found = [one for one in found if one in answers or ".ipynb" in one.path.name.lower()]
    return found or [Found(folder.name, _named(outer), folder)]


def _file(path: Path, outer: tuple[str, ...]) -> Found:
    """Return a single file: named after the student, or after the assignment in a folder named after the student."""
    stem = _ENDING.sub("", path.name) or path.stem
    student = _without_assignment(stem)
    folder = path.parent
    while not student and folder != folder.parent:
        student = "" if _is_assignment_folder(folder.name) else folder.name
        folder = folder.parent
    return Found(student or stem, _named((*outer, path.name)) or _named((path.parent.name,)), path)


def _named(parts: tuple[str, ...]) -> str | None:
    """Return the assignment that the innermost telling name of a path speaks of."""
    return next((slug for part in reversed(parts) if (slug := assignment_in(part))), None)


def _without_assignment(stem: str) -> str:
    """Return ``ada`` for ``ada_ps3_batch_descent``, and nothing where the name is only the assignment's."""
    for slug in SLUGS:
        stem = re.sub(re.escape(slug), " ", stem, flags=re.IGNORECASE)
        stem = re.sub(rf"(?<![a-z0-9]){slug.split('_')[0]}(?![a-z0-9])", " ", stem, flags=re.IGNORECASE)
    return stem.strip(_BETWEEN)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted((entry for entry in entries if not _SKIPPED.match(entry.name)), key=lambda e: e.name)
    except OSError:
        return []


def _looks_handed_in(entry: os.DirEntry[str]) -> bool:
    return bool(_LIKE_SUBMISSION.search(entry.name)) or entry.is_symlink()


def _walk(folder: Path, depth: int = 0) -> Iterator[Path]:
    for entry in _entries(folder):
        if not entry.is_dir(follow_symlinks=False):
            if _looks_handed_in(entry):
                yield Path(entry.path)
        elif depth < 8:
            yield from _walk(Path(entry.path), depth + 1)
