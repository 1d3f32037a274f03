"""Yours against expected: shape and length before values, the whole trajectory, in the order of time.

A trajectory is scaled by the running maximum of the reference: entry t agrees when

    |yours_t - ref_t| <= tau * max_{s <= t} |ref_s|

with the path (w, b) taken jointly; results that are no trajectories are scaled by their largest element, and the kind
``each`` entry by entry. Where the scale is 0 it is taken as 1. Pointwise relative tolerance rejects correct loops (a
value near zero), an end point accepts wrong ones (after convergence every mistake is invisible).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from graders.engine.card import Quantity, Value

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """How one quantity of one case compares.

    ``name`` may carry a label: ``w@8``. ``deviation`` is relative to the scale, None where nothing could be
    subtracted. ``step`` is the first entry that differs, ``problem`` a sentence where form already differs.
    ``off`` is the deviation of that entry, ``scale`` what it is relative to.
    """

    quantity: Quantity
    name: str
    right: bool
    deviation: float | None
    step: int | None = None
    yours: float | None = None
    expected: float | None = None
    problem: str = ""
    mistake: str = ""
    off: float | None = None
    scale: float | None = None


def label(name: str) -> str:
    """Return what stands behind the @ in ``w@8``, with the @; empty where there is none."""
    _, at, text = name.partition("@")
    return at + text


def scales(kind: str, references: Sequence[Array]) -> Array:
    """Return the scale of every entry for quantities that are compared jointly (arrays of one length)."""
    finite = [np.where(np.isfinite(reference), np.abs(reference), 0.0) for reference in references]
    sizes = np.max([size.reshape(len(size), -1).max(axis=1) for size in finite], axis=0)
    if kind in {"path", "trajectory"}:
        sizes = np.maximum.accumulate(sizes)
    elif kind != "each":
        sizes = np.full(len(sizes), sizes.max(initial=0.0))
    sizes[sizes == 0] = 1.0
    return np.asarray(sizes, dtype=np.float64)


def as_numbers(value: Value) -> Array | None:
    """Return a value as a float64 array, or None where it is none."""
    if isinstance(value, bool | str) or value is None:
        return None
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def entries(array: Array) -> Array:
    """Return an array with at least one axis, the axis of time first."""
    return array.reshape(1) if array.ndim == 0 else array


def members(quantities: Sequence[Quantity], expected: Mapping[str, Value]) -> list[tuple[Quantity, str]]:
    """Return (quantity, name) for every expected name, in the order of the quantities."""
    found = []
    for quantity in quantities:
        found += [
            (quantity, name) for name in expected if name == quantity.name or name.startswith(f"{quantity.name}@")
        ]
    return found


def _joint_scale(
    quantity: Quantity, name: str, pairs: list[tuple[Quantity, str]], expected: Mapping[str, Value]
) -> Array:
    reference = entries(np.asarray(expected[name], dtype=np.float64))
    group = [reference]
    if quantity.together:
        for other, other_name in pairs:
            if other is quantity or other.together != quantity.together or label(other_name) != label(name):
                continue
            array = entries(np.asarray(expected[other_name], dtype=np.float64))
            if len(array) == len(reference):
                group.append(array)
    if reference.size == 0:
        return np.ones(0)
    return scales(quantity.kind, group)


def _words(quantity: Quantity, name: str) -> str:
    suffix = label(name)
    return f"{quantity.words} for {suffix[1:]}" if suffix else quantity.words


def _wrong(quantity: Quantity, name: str, problem: str, mistake: str = "") -> Comparison:
    return Comparison(quantity, name, right=False, deviation=None, problem=problem, mistake=mistake)


def compare(
    quantities: Sequence[Quantity], expected: Mapping[str, Value], values: Mapping[str, Value], tau: float
) -> list[Comparison]:
    """Compare every expected quantity of a case, one :class:`Comparison` each."""
    pairs = members(quantities, expected)
    found = []
    for quantity, name in pairs:
        if name not in values:
            found.append(_wrong(quantity, name, f"{_words(quantity, name)} is missing from what you return"))
        elif quantity.kind == "exact":
            found.append(_compare_exact(quantity, name, expected[name], values[name]))
        else:
            scale = _joint_scale(quantity, name, pairs, expected)
            found.append(_compare_numbers(quantity, name, expected[name], values[name], scale, tau))
    return found


def _compare_exact(quantity: Quantity, name: str, expected: Value, yours: Value) -> Comparison:
    if _same(yours, expected):
        return Comparison(quantity, name, right=True, deviation=None)
    return _wrong(quantity, name, f"{_words(quantity, name)}: {_say(yours)}, expected {_say(expected)}")


def _same(yours: Any, expected: Any) -> bool:
    if isinstance(expected, np.ndarray) or isinstance(yours, np.ndarray):
        return np.array_equal(np.asarray(yours), np.asarray(expected))
    return type(yours) is type(expected) and bool(yours == expected)


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _shape(shape: tuple[int, ...]) -> str:
    return "a single number" if shape == () else f"shape {shape}"


def _compare_numbers(
    quantity: Quantity, name: str, expected: Value, yours: Value, scale: Array, tau: float
) -> Comparison:
    reference = np.asarray(expected, dtype=np.float64)
    array = as_numbers(yours)
    words = _words(quantity, name)
    if array is None:
        return _wrong(quantity, name, f"{words} holds no numbers")
    timed = quantity.kind in {"path", "trajectory"}
    if array.shape != reference.shape:
        problem, mistake = _shape_problem(words, array, reference, timed=timed, tau=tau)
        shared = min(len(entries(array)), len(entries(reference))) if timed and array.ndim == 1 else 0
        step = _first(entries(array)[:shared], entries(reference)[:shared], scale[:shared], tau)
        return Comparison(
            quantity,
            name,
            right=False,
            deviation=None,
            step=step,
            yours=None if step is None else float(array[step]),
            expected=None if step is None else float(reference[step]),
            problem=problem,
            mistake=mistake,
        )
    deviation = _deviations(entries(array), entries(reference), scale)
    worst = float(deviation.max(initial=0.0))
    if worst <= tau:
        return Comparison(quantity, name, right=True, deviation=worst)
    step = int(np.argmax(~(deviation <= tau)))
    row_yours, row_expected = entries(array)[step].ravel(), entries(reference)[step].ravel()
    column = int(np.argmax(~(np.abs(row_yours - row_expected) <= tau * scale[step])))
    mine, theirs = float(row_yours[column]), float(row_expected[column])
    problem = "" if np.isfinite(mine) else f"{words} holds {mine}"
    return Comparison(
        quantity,
        name,
        right=False,
        deviation=worst,
        step=step,
        yours=mine,
        expected=theirs,
        problem=problem,
        off=float(deviation[step]),
        scale=float(scale[step]),
    )


def _shape_problem(words: str, array: Array, reference: Array, *, timed: bool, tau: float) -> tuple[str, str]:
    if timed and array.ndim == 1:
        return f"{words} holds {len(array)} entries, expected {len(reference)}", ""
    problem = f"{words} has {_shape(array.shape)}, expected {_shape(reference.shape)}"
    if array.size == reference.size and array.size:
        scale = float(np.abs(reference).max()) or 1.0
        same = np.abs(array.ravel() - reference.ravel()).max() <= tau * scale
        return problem, "wrong-shape" if same else ""
    if _unreduced(array, reference, tau):
        return problem, "wrong-shape"
    return problem, "broadcast-to-matrix" if _on_diagonal(array, reference, tau) else ""


def _unreduced(array: Array, reference: Array, tau: float) -> bool:
    """Whether one number is asked for and its share of every sample is there: mean or sum is the number."""
    if reference.size != 1 or array.size < 2 or not np.isfinite(array).all():
        return False
    due = float(reference.reshape(()))
    scale = max(float(np.abs(array).max()), abs(due)) or 1.0
    return bool(min(abs(array.mean() - due), abs(array.sum() - due)) <= tau * scale)


def _on_diagonal(array: Array, reference: Array, tau: float) -> bool:
    """Whether a column became a matrix, (n, 1) with (n,), that still holds the column on its diagonal."""
    n = reference.size
    if n < 2 or array.shape != (n, n):
        return False
    scale = float(np.abs(reference).max()) or 1.0
    return bool(np.abs(array.diagonal() - reference.ravel()).max() <= tau * scale)


def _deviations(array: Array, reference: Array, scale: Array) -> Array:
    if array.size == 0:
        return np.zeros(len(array))
    with np.errstate(all="ignore"):
        difference = np.abs(array - reference)
        difference[array == reference] = 0.0  # inf - inf
        difference = difference.reshape(len(difference), -1).max(axis=1, initial=0.0) / scale
    difference[np.isnan(difference)] = np.inf
    return np.asarray(difference, dtype=np.float64)


def _first(array: Array, reference: Array, scale: Array, tau: float) -> int | None:
    if len(array) == 0:
        return None
    wrong = ~(_deviations(array, reference, scale) <= tau)
    return int(np.argmax(wrong)) if wrong.any() else None


TINY = 1e-6  # of the largest; the square of what rounding left is far below


def reproduces(
    quantities: Sequence[Quantity], mistake: Mapping[str, Value], values: Mapping[str, Value], tau: float
) -> float | None:
    """Return how far ``values`` are from a mistake's own answers, or None where they are not the same within tau.

    From the first entry on that is not finite in either, nothing is compared: an overflow is an overflow. Among entries
    that are scaled by themselves, one that is TINY beside the largest counts as that small, not digit by digit.
    """
    pairs = members(quantities, mistake)
    worst = 0.0
    for quantity, name in pairs:
        if name not in values:
            return None
        if quantity.kind == "exact":
            if not _same(values[name], mistake[name]):
                return None
            continue
        array, reference = as_numbers(values[name]), np.asarray(mistake[name], dtype=np.float64)
        if array is None or array.shape != reference.shape:
            return None
        scale = _joint_scale(quantity, name, pairs, mistake)
        if quantity.kind == "each" and np.isfinite(reference).any():
            scale = np.maximum(scale, TINY * np.abs(reference[np.isfinite(reference)]).max())
        deviation = _reproduced(entries(array), entries(reference), scale)
        if deviation is None or deviation > tau:
            return None
        worst = max(worst, deviation)
    return worst


def _reproduced(array: Array, reference: Array, scale: Array) -> float | None:
    if array.size == 0:
        return 0.0
    if np.isnan(reference).all() and not array.any():
        return 0.0  # a mean over no samples: nan by itself, 0 where the program guards against it
    broken_yours = ~np.isfinite(array.reshape(len(array), -1)).all(axis=1)
    broken_theirs = ~np.isfinite(reference.reshape(len(reference), -1)).all(axis=1)
    end = len(array)
    if broken_yours.any() or broken_theirs.any():
        first_yours = int(np.argmax(broken_yours)) if broken_yours.any() else end
        first_theirs = int(np.argmax(broken_theirs)) if broken_theirs.any() else end
        if abs(first_yours - first_theirs) > 1:
            return None
        end = min(first_yours, first_theirs)
    if end == 0:
        return 0.0
    return float(_deviations(array[:end], reference[:end], scale[:end]).max())
