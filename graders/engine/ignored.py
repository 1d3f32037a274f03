"""Tell what a program depends on, by asking again: with an argument changed, or without the earlier call.

A program that uses a global, or a constant, instead of an argument answers the same whatever the argument is; one that
rounds to float32 answers the same where an argument changes by less than float32 can hold. The reference does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.compare import compare
from graders.engine.observation import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graders.engine.card import Exercise, Value
    from graders.engine.judged import Judged
    from graders.engine.observation import Observation

ASKED = frozenset(
    {
        "lr",
        "epochs",
        "w0",
        "b0",
        "w",
        "b",
        "y",
        "noise",
        "batch_size",
        "accumulation_steps",
        "slope",
        "intercept",
        "orders",
        "order",
        "ws",
        "bs",
    }
)
PARAMETERS = (["w", "b"], ["w0", "b0"], ["slope", "intercept"])  # constants in the place of both
CASES = 3  # cases that are asked again
SMALL, LARGE = 2.0**-40, 2.0**-10  # a move that float32 cannot hold, and one that it can


def ignored_argument(
    exercise: Exercise, judged: Sequence[Judged], ask: Callable[[Question], Observation]
) -> tuple[str, ...]:
    """Return ``("ignores-an-argument",)`` when one argument, or both parameters, have no influence on the answer.

    Where that is the order of the visit, the more telling ``order-ignored``.
    """
    told = [
        one
        for one in judged
        if one.observation.outcome == "returned"
        and not one.key.case.trivial
        and one.key.case.earlier is None
        and not _only_nan(one.observation.values)
    ]
    cases = sorted(told, key=lambda one: one.numbers_right)[:CASES]  # the wrong ones first
    if all(case.numbers_right for case in cases) or _constant(cases):
        return ()
    ignored = []
    for name in cases[0].key.case.arguments:
        if name not in ASKED or name in exercise.may_change:
            continue
        changes = [(case, other) for case in cases for other in _others(case.key.case.arguments[name])]
        if all(_same_answer(exercise, case, {name: other}, ask) for case, other in changes):
            ignored.append(name)
    if len(ignored) != 1 and ignored not in PARAMETERS:
        return ()
    return ("order-ignored",) if ignored == ["order"] else ("ignores-an-argument",)


def _only_nan(values: Mapping[str, Any]) -> bool:
    """Whether some array holds nothing but nan: it is the same whatever the arguments are, and tells nothing."""
    arrays = [value for value in values.values() if isinstance(value, np.ndarray) and value.dtype.kind == "f"]
    return any(array.size > 0 and bool(np.isnan(array).all()) for array in arrays)


def _constant(cases: Sequence[Judged]) -> bool:
    """Whether the answer is the same whatever all the arguments are: no single one of them is ignored."""
    return len(cases) > 1 and all(
        same_values(case.observation.values, cases[0].observation.values) for case in cases[1:]
    )


def through_float32(exercise: Exercise, judged: Sequence[Judged], ask: Callable[[Question], Observation]) -> bool:
    """Whether what is off does not follow some array that moves by less than float32 can hold."""
    cases = [
        one
        for one in judged
        if one.observation.outcome == "returned" and not one.numbers_right and one.key.case.earlier is None
    ][:CASES]
    return bool(cases) and all(_through_float32(exercise, case, ask) for case in cases)


def _through_float32(exercise: Exercise, case: Judged, ask: Callable[[Question], Observation]) -> bool:
    values = case.observation.values
    off = [one.name for one in case.comparisons if not one.right and one.name in values]
    if not off or any(_few_decimals(values[name]) for name in off):
        return False
    return any(
        _follows_only_large_moves(exercise, case, off, small, large, ask)
        for small, large in zip(*(_nudged(case.key.case.arguments, by) for by in (SMALL, LARGE)), strict=True)
    )


def _follows_only_large_moves(
    exercise: Exercise,
    case: Judged,
    off: Sequence[str],
    small: dict[str, Value],
    large: dict[str, Value],
    ask: Callable[[Question], Observation],
) -> bool:
    """Whether some quantity answers a small move of an array out of proportion to a large one."""
    answers = [
        ask(Question(exercise.name, exercise.probe, arguments, case.key.case.options)) for arguments in (small, large)
    ]
    if any(answer.outcome != "returned" for answer in answers):
        return False
    before = case.observation.values
    for name in off:
        told = all(name in answer.values for answer in answers)
        if told and all(np.shape(answer.values[name]) == np.shape(before[name]) for answer in answers):
            near, far = (_distance(answer.values[name], before[name]) for answer in answers)
            if far > 0 and not far / 2 <= near * LARGE / SMALL <= 2 * far:
                return True
    return False


def _distance(one: Value, other: Value) -> float:
    """Return how far two answers are apart where both are finite."""
    first, second = (np.asarray(value, dtype=np.float64) for value in (one, other))
    both = np.isfinite(first) & np.isfinite(second)
    return float(np.linalg.norm(first[both] - second[both]))


def _nudged(arguments: Mapping[str, Value], by: float) -> Iterator[dict[str, Value]]:
    """Return the arguments with one array of floats at a time changed by a small share."""
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.dtype == np.float64:
            yield {**arguments, name: np.asarray(value * (1 + by))}
        elif isinstance(value, dict):
            yield from ({**arguments, name: inner} for inner in _nudged(value, by))


def _few_decimals(value: Value) -> bool:
    """Whether all numbers were rounded to a few decimals: that is another slip."""
    numbers = np.asarray(value, dtype=np.float64).ravel()
    return all(float(f"{number:.10g}") == number for number in numbers.tolist())


def left_between_calls(exercise: Exercise, judged: Sequence[Judged], ask: Callable[[Question], Observation]) -> bool:
    """Whether exactly the second calls are wrong, and each of them is right as a first call."""
    wrong = [case for case in judged if not case.numbers_right]
    if not wrong or not all(case.key.case.earlier is not None for case in wrong):
        return False
    return all(_right_alone(exercise, case, ask) for case in wrong)


def _right_alone(exercise: Exercise, judged: Judged, ask: Callable[[Question], Observation]) -> bool:
    case = judged.key.case
    answer = ask(Question(exercise.name, exercise.probe, case.arguments, case.options))
    if answer.outcome != "returned" or answer.faults:
        return False
    if exercise.check is not None and exercise.check(case, answer):
        return False
    return all(one.right for one in compare(exercise.quantities, judged.key.expected, answer.values, judged.tau))


def _same_answer(
    exercise: Exercise, case: Judged, change: dict[str, Value], ask: Callable[[Question], Observation]
) -> bool:
    arguments = {**case.key.case.arguments, **change}
    answer = ask(Question(exercise.name, exercise.probe, arguments, case.key.case.options))
    return answer.outcome == "returned" and same_values(answer.values, case.observation.values)


def _others(value: Value) -> list[Value]:
    """Other values of an argument, below and above: a loop that stops early ignores only the larger one."""
    if isinstance(value, list) and all(isinstance(order, np.ndarray) for order in value):
        return [[_visited_otherwise(order) for order in value]]
    if isinstance(value, list):
        return [_visited_otherwise(np.array(value)).tolist()]
    if isinstance(value, np.ndarray) and value.dtype.kind == "i":
        return [_visited_otherwise(value)]
    if isinstance(value, np.ndarray):
        return [np.asarray(value * 0.75 + 0.0703125), np.asarray(-2.5 * value - 3.0)]  # maps no start (0.25!) to itself
    if isinstance(value, int):
        return [1 if value > 1 else 2, value + 1]
    return [value * 0.75]


def _visited_otherwise(order: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return another permutation of the same samples."""
    rolled = np.roll(order, 1)
    return rolled if len(order) == 2 else rolled[::-1].copy()


def same_values(one: Any, other: Any) -> bool:
    """Whether two answers hold the same numbers, bit for bit."""
    if isinstance(one, dict) or hasattr(one, "keys"):
        return set(one) == set(other) and all(same_values(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_values, one, other))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, np.asarray(other), equal_nan=True)
    return bool(one == other)
