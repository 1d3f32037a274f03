"""Is a program right? Decided without cards, keys and judge: by independent programs on the oracle's own data.

The answers to compare with come from the reference, and independent right programs must give the same: an oracle
that contradicts itself is reported, not used.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.selftest import data, figures
from tests.selftest.programs import EndlessError, ask, limited, maker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Exercise
    from graders.engine.observation import Observation

TOLERANCE = {"float64": 1e-9, "float32": 1e-4}
LOOKED_ON = frozenset({"seen", "samples", "is_dataset"})  # observed from outside: right programs differ


class Oracle:
    """What right programs answer on the oracle's data."""

    def __init__(self, exercise: Exercise, reference: str, seed: int) -> None:
        self.exercise = exercise
        self.seed = seed
        self.draws = exercise.name in figures.PICTURES
        self.questions = [] if self.draws else data.questions(exercise, seed)
        self.answers = [self._answer(maker(reference), question) for question in self.questions]

    def contradicted_by(self, programs: Sequence[tuple[str, str]]) -> list[str]:
        """Return the names of right programs (name, source) whose answers are others."""
        return [name for name, source in programs if not self.agrees(source)]

    def agrees(self, source: str) -> bool:
        """Whether a program is right. One that does not come to an end is not."""
        fresh = maker(source)
        try:
            if self.draws:
                return self._draws_right(fresh)
            return all(
                self._same(wanted, self._answer(fresh, question), TOLERANCE[question.dtype])
                for question, wanted in zip(self.questions, self.answers, strict=True)
            )
        except EndlessError:
            return False
        except Exception:  # the module itself fails
            return False

    def _answer(self, fresh: Any, question: Any) -> Observation:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ask(fresh, question)

    def _draws_right(self, fresh: Any) -> bool:
        from matplotlib import pyplot as plt
        from matplotlib import rc_context

        with warnings.catch_warnings(), rc_context(), limited():
            warnings.simplefilter("ignore")
            try:
                return figures.right(self.exercise.name, fresh(), self.seed)
            finally:
                plt.close("all")

    def _same(self, wanted: Observation, got: Observation, tolerance: float) -> bool:
        if got.outcome != wanted.outcome or bool(got.faults) != bool(wanted.faults):
            return False
        kept = [name for name in wanted.after if name not in self.exercise.may_change]
        if not all(_close(wanted.after[name], got.after.get(name), 0.0) for name in kept):
            return False
        for name, word in wanted.dtypes.items():
            if word and got.dtypes.get(name, word) not in {word, ""}:
                return False
        if self.exercise.name == "make_orders":  # any permutations will do
            return _fresh(wanted.values, got.values)
        names = [name for name in wanted.values if name not in LOOKED_ON]
        return all(_close(wanted.values[name], got.values.get(name), tolerance) for name in names)


def _close(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two answers hold the same, numbers within the tolerance of their largest."""
    if isinstance(one, dict) or hasattr(one, "items"):
        return (
            hasattr(other, "items")
            and list(one) == list(other)
            and all(_close(one[name], other[name], tolerance) for name in one)
        )
    if isinstance(one, list | tuple):
        return (
            isinstance(other, list | tuple)
            and len(one) == len(other)
            and all(_close(a, b, tolerance) for a, b in zip(one, other, strict=True))
        )
    if isinstance(one, np.ndarray | float):
        if not isinstance(other, np.ndarray | float | int) or np.shape(one) != np.shape(other):
            return False
        a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
        finite = np.isfinite(a)
        if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
            return False
        size = float(np.abs(a[finite]).max(initial=0.0)) or 1.0
        return bool(np.abs(a[finite] - b[finite]).max(initial=0.0) <= tolerance * size)
    return type(one) is type(other) and bool(one == other)


def _fresh(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """Whether orders are what ``make_orders`` is asked for, in place of those of the reference."""
    orders = got.get("orders")
    if orders is None or len(orders) != len(wanted["orders"]) or got.get("global_random") != "untouched":
        return False
    n = len(wanted["orders"][0]) if len(wanted["orders"]) else 0
    if any(not np.array_equal(np.sort(order), np.arange(n)) for order in orders):
        return False
    if n > 9:
        several = [*orders, *got["next"]]
        if len({tuple(order.tolist()) for order in several}) != len(several):
            return False
        if any(np.array_equal(order, np.arange(n)) for order in orders):
            return False
    return _close(list(orders), list(got["again"]), 0.0)
