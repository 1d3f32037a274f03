"""Find the few known mistakes worth comparing, among thousands, by one case at once.

The answers of all mistakes on the first case stand as the rows of a matrix; a mistake whose row is off from the
student's numbers by more than the tolerance at any place can't be the one. What is left is compared exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from graders.engine.collector import paused
from graders.engine.compare import as_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from graders.engine.card import Value
    from graders.engine.key import Key, MistakeKey

Form: TypeAlias = "tuple[tuple[str, tuple[int, ...]], ...]"


@dataclass(frozen=True, eq=False)
class Screen:
    """The mistakes of one form of answer: their places in the catalogue, and a row of numbers for each."""

    places: NDArray[np.int64]
    rows: NDArray[np.float64]
    sizes: NDArray[np.float64]


def form_of(values: Mapping[str, Value], names: Sequence[str]) -> Form:
    """Return the names and shapes of the numbers in an answer."""
    return tuple((name, np.shape(values[name])) for name in names)


def numeric(values: Mapping[str, Value]) -> list[str]:
    """Return the names of an answer that hold numbers, sorted."""
    return sorted(name for name, value in values.items() if as_numbers(value) is not None)


def row_of(values: Mapping[str, Value], names: Sequence[str]) -> NDArray[np.float64]:
    """Return all numbers of an answer in one row."""
    parts = [np.asarray(values[name], dtype=np.float64).ravel() for name in names]
    return np.concatenate(parts) if parts else np.zeros(0)


@lru_cache(maxsize=128)
def screens(key: Key, kind: str) -> Mapping[Form, Screen]:
    """Return the first case's answers of the singles or the pairs of a key, by form; computed once a key."""
    if kind in key.screened:
        return key.screened[kind]
    with paused():
        return screened(key.mistakes if kind == "mistakes" else key.pairs())


def screened(known: Sequence[MistakeKey]) -> dict[Form, Screen]:
    """Return the answers of mistakes on the first case, by form."""
    gathered: dict[Form, list[tuple[int, NDArray[np.float64]]]] = {}
    for place, mistake in enumerate(known):
        answer = mistake.answers[0]
        if answer is None:
            continue
        names = numeric(answer)
        gathered.setdefault(form_of(answer, names), []).append((place, row_of(answer, names)))
    return {
        form: screen(np.array([place for place, _ in entries]), np.array([row for _, row in entries]))
        for form, entries in gathered.items()
    }


def screen(places: NDArray[np.int64], rows: NDArray[np.float64]) -> Screen:
    """Return the screen of some places of the catalogue, one row of numbers for each."""
    rows = rows.reshape(len(places), -1)
    with np.errstate(invalid="ignore"):
        sizes = np.nanmax(np.abs(rows), axis=1, initial=1.0) if rows.size else np.ones(len(places))
    return Screen(places, rows, sizes)


def shortlist(key: Key, kind: str, values: Mapping[str, Value], tau: float) -> list[MistakeKey]:
    """Return the mistakes that the student's numbers on the first case do not exclude, in the catalogue's order."""
    known = key.mistakes if kind == "mistakes" else key.pairs()
    left: list[int] = []
    for form, known_rows in screens(key, kind).items():
        names = [name for name, _ in form]
        if any(name not in values or np.shape(values[name]) != shape for name, shape in form):
            continue
        mine = row_of(values, names)
        with np.errstate(invalid="ignore", over="ignore"):
            off = np.abs(known_rows.rows - mine) > tau * known_rows.sizes[:, None]
        off &= np.isfinite(known_rows.rows)
        left += known_rows.places[~off.any(axis=1)].tolist()
    return [known[place] for place in sorted(left)]
