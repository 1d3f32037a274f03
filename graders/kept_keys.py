"""Keys kept on the teacher's disk, so that a class is graded without computing a key anew.

A file is named by a hash of all that decides its content: the solutions, the cards, the catalogue of mistakes, the
grader, the versions below it and the seed. It holds the cases with what the reference and every known mistake answer,
and what the pairs of mistakes answer on the first case; readable by its owner alone, and no worker sees the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from graders import cards, keys
from graders.engine.collector import paused
from graders.engine.key import Answers, Key, MistakeKey, read_cases, written_cases
from graders.engine.screen import Screen, screen, screens
from graders.engine.stacks import Stack, stacked, unstacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from graders.engine.card import Exercise

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".descentlab" / "keys"
SOURCES = (
    "solutions",
    "graders/cards",
    "graders/cards/measured.json",
    "graders/engine",
    "graders/drawing.py",
    "graders/keys.py",
    "graders/kept_keys.py",
)
BELOW = ("torch", "numpy", "matplotlib")
MOST = 50  # files that are kept; the oldest go first
PATIENCE = 30.0  # seconds to wait for another process that makes the same keys
HASH = 32  # bytes of the hash a file begins with
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@cache
def all_keys(slug: str, seed: int) -> dict[str, Key]:
    """Return the keys of public and hidden cases together, from the disk where they were computed before."""
    path = FOLDER / f"{slug}-{_digest(slug, seed)}.keys"
    with paused():
        known = _read(slug, path)
        if known is not None:
            return known
        with _turn():
            known = _read(slug, path)
            if known is not None:
                return known
            made = keys.all_keys(slug, seed)
            with suppress(OSError):  # a course on a disk that cannot be written to is graded all the same
                _write(path, made)
    return made


@contextmanager
def _turn() -> Iterator[None]:
    """Have one process at a time make keys: the others find them on the disk. The lock ends with the process.

    Whoever has waited for long goes on without it: it saves work, nothing depends on it.
    """
    try:
        import fcntl

        _make_folder()
        handle = os.open(FOLDER.with_name("keys.turn"), os.O_WRONLY | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        yield
        return
    try:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _make_folder() -> None:
    for folder in (FOLDER.parent, FOLDER):
        folder.mkdir(mode=0o700, exist_ok=True)


# --- a file -------------------------------------------------------------------------------------------------------


def _read(slug: str, path: Path) -> dict[str, Key] | None:
    """Return the keys a file holds, or None where it is missing, damaged, or no such file."""
    try:
        content = path.read_bytes()
        if hashlib.sha256(content[HASH:]).digest() != content[:HASH]:
            return None
        text, _, numbers = content[HASH:].partition(b"\n")
        record = json.loads(text)
        return {one.name: _unpacked(slug, one, record[one.name], numbers) for one in cards.load(slug).exercises}
    except UNREADABLE:
        return None


def _write(path: Path, made: dict[str, Key]) -> None:
    """Write a file whole or not at all, for its owner alone."""
    numbers = bytearray()
    record = {name: _packed(key, numbers) for name, key in made.items()}
    body = json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n" + numbers
    _make_folder()
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).digest() + body)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    files = sorted(path.parent.glob("[!.]*"), key=lambda one: one.stat().st_mtime)
    for old in files[:-MOST]:
        old.unlink(missing_ok=True)


# --- one key ------------------------------------------------------------------------------------------------------


def _packed(key: Key, numbers: bytearray) -> dict[str, Any]:
    """Return a key as JSON; matrices are appended to the numbers."""
    return {
        "cases": written_cases(key),
        "mistakes": [mistake.id for mistake in key.mistakes],
        "answers": [
            [
                [one.form, _appended(one.places, numbers), _appended(one.rows, numbers)]
                for one in stacked(mistake.answers[place] for mistake in key.mistakes)
            ]
            for place in range(len(key.cases))
        ],
        "pairs": keys.recipes_of(key),
        "screens": [
            [form, _appended(one.places, numbers), _appended(one.rows, numbers)]
            for form, one in screens(key, "pairs").items()
        ],
    }


def _unpacked(slug: str, exercise: Exercise, record: Mapping[str, Any], numbers: bytes) -> Key:
    cases = read_cases(record["cases"])
    at = [unstacked([_stack(one, numbers) for one in answers]) for answers in record["answers"]]
    recipes = [(str(name), tuple(map(int, slips)), int(machine)) for name, slips, machine in record["pairs"]]

    def mistake(number: int, name: str) -> MistakeKey:
        return MistakeKey(name, Answers(len(cases), lambda place: at[place](number)))

    return keys.assembled(
        slug,
        exercise,
        cases,
        mistakes=tuple(mistake(number, name) for number, name in enumerate(record["mistakes"])),
        pairs=cache(partial(keys.pairs_of, slug, exercise, cases, recipes)),
        screened={
            "pairs": {_shapes(form): _screen(places, rows, numbers) for form, places, rows in record["screens"]},
        },
    )


def _stack(record: list[Any], numbers: bytes) -> Stack:
    form, places, rows = record
    named = tuple((name, None if shape is None else tuple(shape), value) for name, shape, value in form)
    return Stack(named, _array(places, numbers, np.int64), _array(rows, numbers, np.float64))


def _shapes(form: list[Any]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((name, tuple(shape)) for name, shape in form)


def _screen(places: list[int], rows: list[int], numbers: bytes) -> Screen:
    return screen(_array(places, numbers, np.int64), _array(rows, numbers, np.float64))


def _appended(array: NDArray[Any], numbers: bytearray) -> list[int]:
    """Append an array of eight bytes a number; return where it starts, and its shape."""
    start = len(numbers)
    numbers += array.astype(array.dtype.newbyteorder("<")).tobytes()
    return [start, *array.shape]


def _array(record: list[int], numbers: bytes, dtype: type[Any]) -> NDArray[Any]:
    start, *shape = record
    little = np.dtype(dtype).newbyteorder("<")
    return np.frombuffer(numbers, little, int(np.prod(shape)), start).reshape(shape).astype(dtype, copy=False)


# --- its name -----------------------------------------------------------------------------------------------------


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
