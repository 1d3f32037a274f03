"""The answers of many mistakes on one case as a few matrices: what answers of one form have in common stands once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from graders.engine.card import Value

Answer: TypeAlias = "Mapping[str, Value] | None"
Form: TypeAlias = "tuple[tuple[str, tuple[int, ...] | None, Any], ...]"  # (name, shape, None) or (name, None, value)


@dataclass(frozen=True, eq=False)
class Stack:
    """The answers of one form: their places in the catalogue, and a row of numbers for each."""

    form: Form
    places: NDArray[np.int64]
    rows: NDArray[np.float64]

    def answer(self, row: int) -> dict[str, Value]:
        """Return the answer that stands in a row."""
        found: dict[str, Value] = {}
        start = 0
        for name, shape, value in self.form:
            if shape is None:
                found[name] = value
                continue
            end = start + int(np.prod(shape))
            found[name] = self.rows[row, start:end].reshape(shape).copy()
            start = end
        return found


def stacked(answers: Iterable[Answer]) -> list[Stack]:
    """Return answers, arrays of float64 and plain values, as stacks; what is None stands in none."""
    gathered: dict[Form, list[tuple[int, NDArray[np.float64]]]] = {}
    for place, answer in enumerate(answers):
        if answer is None:
            continue
        arrays = [value for value in answer.values() if isinstance(value, np.ndarray)]
        form = tuple(
            (name, value.shape, None) if isinstance(value, np.ndarray) else (name, None, value)
            for name, value in answer.items()
        )
        row = np.concatenate([array.ravel() for array in arrays]) if arrays else np.zeros(0)
        gathered.setdefault(form, []).append((place, row))
    return [
        Stack(form, np.array([place for place, _ in found]), np.array([row for _, row in found]))
        for form, found in gathered.items()
    ]


def unstacked(stacks: Sequence[Stack]) -> Callable[[int], Answer]:
    """Return what gives the answer at a place of the catalogue."""
    rows = {int(place): (stack, row) for stack in stacks for row, place in enumerate(stack.places)}

    def at(place: int) -> Answer:
        if place not in rows:
            return None
        stack, row = rows[place]
        return stack.answer(row)

    return at
