"""How far off an answer is, in words, beside what right programs differ by.

Only relative numbers are said: the deviation at the first difference, as it is judged, and the stated bound. On a
hidden case the deviation is said by its power of ten, from 1e-9 to 1 and no further: a program that chose how far it is
off, to carry a hidden input or an expected number into its report, gets one of ten values through.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.facts import number
from graders.engine.tolerance import digits, stated

if TYPE_CHECKING:
    from graders.engine.compare import Comparison
    from graders.engine.judged import Judged
    from graders.engine.tolerance import Measured

SCALES = {
    "path": "the largest expected value so far",
    "trajectory": "the largest expected value so far",
    "numbers": "the largest expected value",
    "each": "the expected value",
}


def sentence_of_distance(shown: Judged, difference: Comparison, measured: tuple[Measured, ...]) -> str:
    """Return how far off the first difference is, and what correct programs differ by at most.

    "At the first difference you are 0.07 off (relative to the largest expected value so far); correct programs differ
    by at most 8e-14." The first difference, not the largest: it is what the numbers beside it show, and what a program
    does afterwards only repeats it, or multiplies it. Empty where nothing can be subtracted: another shape or length,
    NaN, infinity, plain values. What correct programs differ by is left out for a device it was not measured on.
    """
    off = difference.off
    if off is None or not math.isfinite(off) or off <= 0 or difference.problem:
        return ""
    entries = np.size(shown.key.expected[difference.name])
    words = f"you are {_size(off, hidden=shown.key.hidden)} off"
    words = words.capitalize() if entries == 1 else f"At the first difference {words}"
    # where the scale is 1, as where all expected values are 0, the deviation is the difference itself
    if difference.scale != 1.0:
        alone = entries == 1 and not difference.quantity.together
        words += f" (relative to {SCALES['each' if alone else difference.quantity.kind]})"
    bound = stated(measured, shown.dtype, shown.device)
    return f"{words}." if bound is None else f"{words}; correct programs differ by at most {bound:g}."


def _size(off: float, *, hidden: bool) -> str:
    if not hidden:
        return number(digits(off, 1))
    return f"at least {min(1.0, 10.0 ** math.floor(math.log10(off))):g}"
