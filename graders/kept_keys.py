"""Keys kept on the teacher's disk, so that a class is graded without computing the reference's answers anew.

A file is named by a hash of all that decides its content: the solutions, the cards, the catalogue of mistakes, the
grader, the versions below it and the seed. It holds the cases and what the reference answers; readable by its owner
alone, and no worker sees the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from graders import cards, keys
from graders.engine.key import read_cases, written_cases

if TYPE_CHECKING:
    from graders.engine.key import Key

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".descentlab" / "keys"
SOURCES = ("solutions", "graders/cards", "graders/engine", "graders/keys.py", "graders/kept_keys.py")
BELOW = ("torch", "numpy", "matplotlib")
MOST = 50  # files that are kept; the oldest go first


@cache
def all_keys(slug: str, seed: int) -> dict[str, Key]:
    """Return the keys of public and hidden cases together, from the disk where they were computed before."""
    path = FOLDER / f"{slug}-{_digest(slug, seed)}.json"
    known = _read(slug, path)
    if known is not None:
        return known
    made = keys.all_keys(slug, seed)
    with suppress(OSError):  # a course on a disk that cannot be written to is graded all the same
        _write(path, made)
    return made


def _read(slug: str, path: Path) -> dict[str, Key] | None:
    """Return the keys a file holds, or None where it is missing or no such file."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        cases = {name: read_cases(record[name]) for name in (one.name for one in cards.load(slug).exercises)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return {name: keys.with_mistakes(slug, cards.load(slug).exercise(name), known) for name, known in cases.items()}


def _write(path: Path, made: dict[str, Key]) -> None:
    """Write a file whole or not at all, for its owner alone."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({name: written_cases(key) for name, key in made.items()}, file)
    fresh.replace(path)
    files = sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
    for old in files[:-MOST]:
        old.unlink(missing_ok=True)


def _digest(slug: str, seed: int) -> str:
    return hashlib.sha256(f"{slug} {seed} {_sources()}".encode()).hexdigest()[:32]


@cache
def _sources() -> str:
    """Return a hash of every file and version that has a say in a key."""
    whole = hashlib.sha256()
    for name in SOURCES:
        place = ROOT / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            whole.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    for name in BELOW:
        try:
            whole.update(f"{name} {version(name)}\0".encode())
        except PackageNotFoundError:
            whole.update(f"{name}\0".encode())
    return whole.hexdigest()
