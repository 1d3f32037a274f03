"""Whether two records say the same, up to the last digits that another processor may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from graders.engine.key import MistakeKey

RELATIVE = 1e-11
UNSTABLE = 1e-6  # numbers of mistakes, some of which blow rounding up


def same(left: Any, right: Any, relative: float = RELATIVE) -> bool:
    """Compare two trees of dataclasses, mappings, sequences, arrays and plain values.

    Arrays are compared relative to their largest element, single numbers relative to themselves or 1, whichever is
    larger; infinities and NaN must stand at the same places. Everything else is compared for equality, types included.
    """
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and _close(left, right, relative)
    if type(left) is not type(right):
        return False
    if isinstance(left, MistakeKey):
        relative = UNSTABLE
    if is_dataclass(left):
        return all(same(getattr(left, field.name), getattr(right, field.name), relative) for field in fields(left))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(value, right[name], relative) for name, value in left.items())
    if isinstance(left, Sequence) and not isinstance(left, str | bytes):
        return len(left) == len(right) and all(
            same(one, other, relative) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, float):
        return _close(np.array([left, 1.0]), np.array([right, 1.0]), relative)
    return bool(left == right)


def _close(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any], relative: float) -> bool:
    if left.dtype.kind != "f":
        return bool(np.array_equal(left, right))
    finite = np.isfinite(left)
    if not np.array_equal(left[~finite], right[~finite], equal_nan=True):
        return False
    gap = np.abs(left[finite] - right[finite])
    scale = np.abs(left[finite]).max(initial=0.0)
    return bool((gap <= relative * scale).all())
