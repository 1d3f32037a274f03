"""What tolerances are derived from: how far right programs are from the reference, how near the nearest mistake comes.

Float64 decides the grade, so in float64 every known mistake counts. Float32 confirms dtype and device and cannot do
more: its own rounding hides what moves a result by less, such as a weight decay left on, it is run on three cases of an
exercise only, and ``float32-inside`` is right in it. So the mistake float32 has to tell is precision lost on the way, of
which the least is a result rounded once to half precision, and any mistake that shows in float32 alone. Stated beside it
are the nearest known mistake it sees and how many it leaves to float64.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from graders.drawing import half_precision, off
from graders.engine.rehearsal import confirming
from graders.engine.tolerance import MARGIN, Measured, at_most

if TYPE_CHECKING:
    from graders.engine.card import Exercise
    from graders.engine.key import Key
    from graders.engine.verdict import ExerciseVerdict

    Reach = dict[tuple[str, str], float]  # (dtype, case) -> relative deviation

HALF = "half precision inside"


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
) -> list[Measured]:
    """Return what was measured in float64 on the CPU and in float32 on the device; nothing without numbers."""
    if not exercise.quantities:
        return []
    near = [*near, *_machines(exercise, key)]
    wide, narrow = ([(_farthest(reached, dtype), name) for name, reached in far] for dtype in ("float64", "float32"))
    alone = [_in_float32_alone(exercise, double, single) for (double, _), (single, _) in zip(wide, narrow, strict=True)]
    in_double = [one for one, other in zip(wide, alone, strict=True) if not other]
    half = half_precision(exercise, key, confirming(key))
    in_single = [(half, HALF), *(one for one, other in zip(narrow, alone, strict=True) if other)]
    double = Measured(exercise.name, "float64", "cpu", *_widest(near, "float64"), *_nearest(in_double))
    single = Measured(exercise.name, "float32", device, *_widest(near, "float32"), *_nearest(in_single))
    return [double, _with_known(single, narrow, MARGIN * exercise.tau32)]


def _with_known(single: Measured, narrow: list[tuple[float | None, str]], told: float) -> Measured:
    """Return figures in float32 with the nearest known mistake it sees, and how many are nearer than it has to tell."""
    reached = [(value, name) for value, name in narrow if value is not None]
    known, known_as = _nearest([(value, name) for value, name in reached if value > at_most(single)])
    left = {mistake_of(name) for value, name in reached if value < told}
    return replace(single, known=known, known_as=known_as, left=len(left))


def mistake_of(name: str) -> str:
    """Return the mistake of a program or catalogue entry: "wrong/ascent__two" -> "ascent"."""
    return name.partition("/")[2].partition("__")[0] or name


def _widest(near: list[tuple[str, Reach]], dtype: str) -> tuple[float, str]:
    right = [(value, name) for name, reached in near for value in [_largest(reached, dtype)] if value is not None]
    return max(right)


def _nearest(wrong: list[tuple[float | None, str]]) -> tuple[float, str]:
    """Return the mistake that is the least off; infinity where all show in their form."""
    value, name = min(((value, name) for value, name in wrong if value is not None), default=(math.inf, ""))
    return (value, name) if math.isfinite(value) else (math.inf, "")


def _largest(reached: Reach, dtype: str) -> float | None:
    """Return the largest deviation in a dtype; cases that fail otherwise than by numbers are counted elsewhere."""
    values = [value for (kind, _), value in reached.items() if kind == dtype and math.isfinite(value)]
    return max(values, default=None)


def _farthest(reached: Reach, dtype: str) -> float | None:
    """Return how far a mistake is on the case that shows it best; infinite by its form, None where it was not run."""
    return max((value for (kind, _), value in reached.items() if kind == dtype), default=None)


def _in_float32_alone(exercise: Exercise, double: float | None, single: float | None) -> bool:
    """Whether a mistake gives the right numbers in float64 and others in float32."""
    if double is None or single is None:
        return False
    return double <= exercise.tau and single > exercise.tau32


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
            if answer is not None:
                one["float64", case.case.name] = off(exercise, case, answer)
        reached.append((f"the catalogue's right machine {number + 1}", one))
    return reached
