"""What can be said of an answer without knowing the mistake: what agrees, the first difference, telling ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graders.engine.compare import as_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Quantity, Value
    from graders.engine.compare import Comparison

RATIOS = {
    2.0: "twice what it should be",
    0.5: "half of what it should be",
    -1.0: "of the right size in the wrong direction",
    0.0: "zero",
}


def number(value: float) -> str:
    """Return a number with six significant digits."""
    return f"{value:.6g}"


def when(quantity: Quantity, step: int, updates: int, epochs: int) -> str:
    """Return the moment of an entry: "before the first update", "after update 3 (epoch 1)", "in epoch 2"."""
    if quantity.kind == "path":
        if step == 0:
            return "before the first update"
        if epochs > 1 and updates > epochs and updates % epochs == 0:
            per_epoch = updates // epochs
            epoch, batch = divmod(step - 1, per_epoch)
            return f"after update {step} (epoch {epoch + 1}, batch {batch + 1})"
        return f"after update {step}"
    return f"at entry {step} (epoch {step + 1})"


def ratio_of_changes(expected: Mapping[str, Value], values: Mapping[str, Value]) -> float | None:
    """Return the one factor between your first change of (w, b) and the expected one, or None.

    The factor must hold for both parameters within 1e-6.
    """
    factors = []
    for name in ("w", "b"):
        reference, mine = as_numbers(expected.get(name)), as_numbers(values.get(name))
        if reference is None or mine is None or min(reference.size, mine.size) < 2 or reference.ndim != 1:
            return None
        if mine.ndim != 1 or not np.isfinite(mine[:2]).all():
            return None
        change, due = mine[1] - mine[0], reference[1] - reference[0]
        if due == 0 or not np.isfinite(change):
            return None
        factors.append(float(change / due))
    if abs(factors[0] - factors[1]) > 1e-6 * max(1.0, abs(factors[0])):
        return None
    return factors[0]


def sentence_of_ratio(ratio: float | None) -> str:
    """Return "Every change is half of what it should be." for telling ratios, empty for 1 and for none."""
    if ratio is None or abs(ratio - 1) < 1e-6:
        return ""
    for known, words in RATIOS.items():
        if abs(ratio - known) < 1e-6:
            return f"Your first change of w and b is {words}."
    return f"Your first change of w and b is {number(ratio)} times what it should be."


def agreement(comparisons: Sequence[Comparison], *, labels: bool = True) -> str:
    """Return what agrees with the expected numbers on one case, as a list for people.

    ``labels``: say which entry of a mapping it is; they are arguments of the case.
    """
    parts = []
    for comparison in comparisons:
        label = comparison.name.removeprefix(comparison.quantity.name).replace("@", " for ")
        words = comparison.quantity.words + (label if labels else "")
        if comparison.right:
            parts.append(words)
        elif comparison.step:
            parts.append(_until(comparison, words))
    return "; ".join(dict.fromkeys(parts))


def _until(comparison: Comparison, words: str) -> str:
    """Return how far a trajectory agrees: "the starting w", "w up to update 2", "the first 3 entries of loss"."""
    assert comparison.step is not None
    if comparison.quantity.kind == "path":
        return f"the starting {words}" if comparison.step == 1 else f"{words} up to update {comparison.step - 1}"
    if comparison.quantity.kind == "trajectory":
        return f"the first {words}" if comparison.step == 1 else f"the first {comparison.step} entries of {words}"
    return f"the first {comparison.step} rows of {words}" if comparison.step > 1 else f"the first row of {words}"


def earliest(comparisons: Sequence[Comparison]) -> Comparison | None:
    """Return the difference that comes first in time: form first, then the smallest step, parameters before loss."""
    wrong = [comparison for comparison in comparisons if not comparison.right]
    if not wrong:
        return None
    order = {id(comparison): place for place, comparison in enumerate(wrong)}

    def rank(comparison: Comparison) -> tuple[float, int]:
        step = -1.0 if comparison.step is None else float(comparison.step)
        # entry 0 of the path is the start; loss entry e stands before update e + 1
        time = step - 0.5 if comparison.quantity.kind == "path" else step
        return (time, order[id(comparison)])

    return min(wrong, key=rank)
