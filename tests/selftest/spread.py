"""The derived tolerance: how far right programs are from the reference, how near the nearest mistake comes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graders.engine import rehearsal
from graders.engine.compare import compare

if TYPE_CHECKING:
    from graders.engine.card import Exercise
    from graders.engine.key import Key
    from graders.engine.verdict import ExerciseVerdict

    Reach = dict[tuple[str, str], float]  # (dtype, case) -> relative deviation

MARGIN = 10.0


@dataclass(frozen=True)
class Spread:
    """One exercise in one dtype on one device. ``nearest`` is infinite where every mistake shows in form only."""

    exercise: str
    dtype: str
    device: str
    spread: float
    widest: str
    nearest: float
    closest: str
    tau: float

    @property
    def below(self) -> float:
        """How many times the tolerance is wider than the right programs' spread."""
        return self.tau / self.spread if self.spread else math.inf

    @property
    def above(self) -> float:
        """How many times the nearest mistake is beyond the tolerance."""
        return self.nearest / self.tau


def reach(verdict: ExerciseVerdict) -> Reach:
    """Return the deviation of every case; infinite where the case fails by something else than its numbers.

    Nothing for a program that loses points for its hints only.
    """
    if verdict.status != "passed" and all(case.passed for case in verdict.cases):
        return {}
    found = {}
    for case in verdict.cases:
        deviation = case.deviation or 0.0
        by_numbers = case.passed or deviation > case.allowed
        found[case.dtype, case.name] = deviation if by_numbers else math.inf
    return found


def spreads(
    exercise: Exercise, key: Key, near: list[tuple[str, Reach]], far: list[tuple[str, Reach]], device: str
) -> list[Spread]:
    """Return the spread in float64, and in float32 where the exercise is run in it.

    In float64, which decides, the nearest mistake is the nearest of the known ones. Float32 confirms: what it alone
    can show is precision lost on the way, and the least of that is a result rounded once to half precision.
    """
    if not exercise.quantities:
        return []
    wrong = [(value, name) for name, reached in far for value in [_farthest(reached, exercise)] if value is not None]
    found = []
    near = [*near, *_machines(exercise, key)]
    for dtype, where, tau in (("float64", "cpu", exercise.tau), ("float32", device, exercise.tau32)):
        right = [(value, name) for name, reached in near for value in [_largest(reached, dtype)] if value is not None]
        mistakes = wrong if dtype == "float64" else [(_half(exercise, key), "half precision inside")]
        nearest, closest = min(mistakes, default=(math.inf, ""))
        spread, widest = max(right)
        found.append(Spread(exercise.name, dtype, where, spread, widest, nearest, closest, tau))
    return found


def _largest(reached: Reach, dtype: str) -> float | None:
    """Return the largest deviation in a dtype; cases that fail otherwise than by numbers are counted elsewhere."""
    values = [value for (kind, _), value in reached.items() if kind == dtype and math.isfinite(value)]
    return max(values, default=None)


def _farthest(reached: Reach, exercise: Exercise) -> float | None:
    """Return how far a mistake is at most in float64; None for one that shows in its form or in float32 only."""
    wide = [value for (kind, _), value in reached.items() if kind == "float64"]
    narrow = [value for (kind, _), value in reached.items() if kind == "float32"]
    if not wide or (max(wide) <= exercise.tau and max(narrow, default=0.0) > exercise.tau32):
        return None
    return max(wide)


def _half(exercise: Exercise, key: Key) -> float:
    """Return how far the expected results, rounded to half precision, are on the cases that are run in float32."""
    off = [0.0]
    for place in rehearsal.confirming(key):
        case = key.cases[place]
        rounded = {
            name: np.asarray(value, dtype=np.float16).astype(np.float64) if _is_number(value) else value
            for name, value in case.expected.items()
        }
        found = compare(exercise.quantities, case.expected, rounded, exercise.tau32)
        off += [one.deviation for one in found if one.deviation is not None]
    return max(off)


def _is_number(value: object) -> bool:
    return isinstance(value, np.ndarray | float) and not isinstance(value, bool)


def _machines(exercise: Exercise, key: Key) -> list[tuple[str, Reach]]:
    """Return how far the catalogue's own right programs are from the reference."""
    from solutions.mistakes import subject

    found = subject(key.slug, exercise.name)
    if found is None:
        return []
    reached = []
    for number, machine in enumerate(found.machines):
        one: Reach = {}
        for case in key.cases:
            answer = found.answer(machine, case.case)
            if answer is None:
                continue
            deviations = [
                comparison.deviation
                for comparison in compare(exercise.quantities, case.expected, answer, exercise.tau)
                if comparison.deviation is not None
            ]
            one["float64", case.case.name] = max(deviations, default=0.0)
        reached.append((f"the catalogue's right machine {number + 1}", one))
    return reached
