"""Name the mistake of one exercise: from its numbers, from the exception, from the form; silence otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.compare import compare
from graders.engine.diagnose import diagnose
from graders.engine.ignored import ignored_argument, left_between_calls, through_float32
from graders.engine.raised import recognise
from graders.engine.tolerance import MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graders.engine.card import Exercise, Quantity, Value
    from graders.engine.judged import Ask, Judged
    from graders.engine.key import Key
    from graders.engine.observation import Observation


ONE_SLIP = frozenset({"ignores-an-argument", "same-order-every-epoch"})
STATE = "state"  # the quantity that says what became of the caller's tensors
WITH_NUMBERS = frozenset({"no-grad-around-forward", "float32-inside"})  # form that leaves the numbers to be read


def name_mistake(
    exercise: Exercise,
    key: Key,
    judged: Sequence[Judged],
    single: Sequence[Judged],
    hint_faults: Sequence[str],
    ask: Ask,
    seconds: float,
) -> tuple[str, ...]:
    """Name the mistake: from the numbers, from the exception, from the form; silence otherwise."""
    changed = any(case.changed for case in (*judged, *single))
    if all(case.numbers_right for case in judged):
        if changed:
            return ("arguments-modified",)
        named = _from_wrong([case for case in single if not case.numbers_right])
        if named:
            return named
        return ("type-hints-missing",) if hint_faults and all(case.right for case in single) else ()
    if exercise.check is not None:
        named = _from_faults(judged)
        if named and changed and not _explained(named):
            return tuple(f"{one}+arguments-modified" for one in named)
        if named or exercise.probe == "figure":
            return named or (("arguments-modified",) if changed else ())
        if left_between_calls(exercise, judged, lambda question: ask(question, seconds)):
            return ("state-left-between-calls",)
        return ignored_argument(exercise, judged, lambda question: ask(question, seconds))
    observations = [case.observation for case in judged]
    ids = diagnose(key, exercise.quantities, observations, exercise.tau)
    if ids:
        return tuple(f"{one}+arguments-modified" for one in ids) if changed and not _explained(ids) else ids
    if _drifts(exercise, judged, single) and through_float32(exercise, judged, lambda one: ask(one, seconds)):
        return ("float32-inside",)
    named = _from_wrong([case for case in judged if not case.numbers_right])
    if named:
        return _and_numbers(exercise, key, judged, named, changed=changed)
    left = _left_changed(exercise, key, judged)
    if left:
        return left
    if changed and _only_after_change(judged):
        return ("arguments-modified",)
    if left_between_calls(exercise, judged, lambda question: ask(question, seconds)):
        return ("state-left-between-calls",)
    for form, shape in (("wrong-shape", _reshaped), ("broadcast-to-matrix", _diagonal)):
        shaped = diagnose(key, exercise.quantities, _in_shape(judged, shape), exercise.tau)
        if shaped:
            return tuple(f"{one}+{form}" for one in shaped if "+" not in one)
    return ignored_argument(exercise, judged, lambda question: ask(question, seconds))


def _and_numbers(
    exercise: Exercise, key: Key, judged: Sequence[Judged], named: tuple[str, ...], *, changed: bool
) -> tuple[str, ...]:
    """Return a fault of form together with the mistake in the numbers beside it, or with changed arguments."""
    if any(case.observation.outcome != "returned" for case in judged):
        return named
    if changed:
        return tuple(f"{one}+arguments-modified" for one in named)
    if not WITH_NUMBERS.issuperset(named):
        return named
    read = [
        quantity
        for quantity in exercise.quantities
        if all(quantity.name in case.observation.values for case in judged if quantity.name in case.key.expected)
    ]
    single = "float32-inside" in named
    tau = exercise.tau32 if single else exercise.tau
    if not _off(read, judged, tau):
        return named
    apart = MARGIN * tau if single else 0.0
    ids = diagnose(key, read, [case.observation for case in judged], tau, whole=False, apart=apart)
    return tuple(f"{one}+{form}" for one in ids for form in named if "+" not in one and one != form) or named


def _left_changed(exercise: Exercise, key: Key, judged: Sequence[Judged]) -> tuple[str, ...]:
    """Name caller's tensors that are left changed: alone, or beside the mistake that the other numbers show."""
    if not any(one.name == STATE and not one.right for case in judged for one in case.comparisons):
        return ()
    if any(case.observation.outcome != "returned" or case.faults for case in judged):
        return ()
    others = [quantity for quantity in exercise.quantities if quantity.name != STATE]
    if not _off(others, judged, exercise.tau):
        return ("arguments-modified",)
    ids = diagnose(key, others, [case.observation for case in judged], exercise.tau, whole=False)
    return tuple(f"{one}+arguments-modified" for one in ids if "+" not in one)


def _off(quantities: Sequence[Quantity], judged: Sequence[Judged], tau: float) -> bool:
    """Whether these quantities are wrong in some case."""
    return not all(
        comparison.right
        for case in judged
        for comparison in compare(quantities, case.key.expected, case.observation.values, tau)
    )


def _in_shape(judged: Sequence[Judged], shape: Callable[[Value, Value], Value]) -> list[Observation]:
    """Return the answers with every array brought into the expected shape in one way."""
    return [
        replace(
            case.observation,
            values={name: shape(value, case.key.expected.get(name)) for name, value in case.observation.values.items()},
        )
        for case in judged
    ]


def _reshaped(value: Value, expected: Value) -> Value:
    if isinstance(value, np.ndarray) and isinstance(expected, np.ndarray | float) and value.size == np.size(expected):
        return value.reshape(np.shape(expected))
    return value


def _diagonal(value: Value, expected: Value) -> Value:
    """Return the column that became a matrix, (n, 1) with (n,)."""
    if isinstance(value, np.ndarray) and isinstance(expected, np.ndarray) and expected.size > 1:
        return value.diagonal().reshape(expected.shape) if value.shape == (expected.size,) * 2 else value
    return value


def _explained(ids: tuple[str, ...]) -> bool:
    """Whether the slip itself changes the arguments: then there is no second mistake to name."""
    return any(one in {"history-aliases-last", "state-left-between-calls"} for one in ids)


def _only_after_change(judged: Sequence[Judged]) -> bool:
    """Whether only cases with an earlier or changed call are wrong."""
    return all(case.changed or case.key.case.trivial for case in judged if not case.numbers_right)


def _drifts(exercise: Exercise, judged: Sequence[Judged], single: Sequence[Judged]) -> bool:
    """Whether float64 runs are off by no more than float32 rounding while float32 runs are right."""
    if not single or not all(case.numbers_right for case in single):
        return False
    for case in judged:
        if case.numbers_right or not case.key.case.stable:
            continue
        if case.observation.outcome != "returned" or case.faults:
            return False
        if _off(exercise.quantities, [case], 1e-4):
            return False
    return True


def _from_faults(judged: Sequence[Judged]) -> tuple[str, ...]:
    """Name the first mistake that every telling wrong case shows among its faults; else all such pairs."""
    wrong = [case for case in judged if not case.numbers_right]
    telling = [case for case in wrong if not case.key.case.trivial] or wrong
    both = _two_aspects(telling)
    if both:
        return both
    shown = [[fault.mistake for fault in case.faults if fault.mistake] for case in telling]
    common = [one for one in shown[0] if all(one in others for others in shown)] if shown else []
    alone = [one for one in common if "+" not in one]
    return tuple(alone[:1] or common) or _from_wrong(wrong)


def _two_aspects(telling: Sequence[Judged]) -> tuple[str, ...]:
    """Name two mistakes that explain every fault of every telling case, where some case shows both.

    One order that no generator drew is the slip of a single line as well as of two: then all readings are named.
    """
    shown = []
    for case in telling:
        if case.observation.outcome != "returned" or not case.faults:
            return ()
        told = {(fault.aspect, fault.mistake or "") for fault in case.faults}
        if len(told) > len({aspect for aspect, _ in told}):
            return ()  # one aspect, and several mistakes that make the same of it
        shown.append({part for _, mistake in told for part in mistake.split("+")})
    found = sorted(set().union(*shown))
    if len(found) != 2 or "" in found or set(found) not in shown:
        return ()
    pair = "+".join(found)
    return (pair, *found) if set(found) == ONE_SLIP else (pair,)


def _from_wrong(wrong: Sequence[Judged]) -> tuple[str, ...]:
    """Name what every wrong case shows: one exception, one fault of form, one wrong shape.

    A trivial case need not show it (a row of two numbers where one epoch is asked for reads as two entries of one).
    """
    telling = [case for case in wrong if not case.key.case.trivial] or wrong
    names: list[str] = []
    for case in telling:
        if case.observation.outcome == "raised" and case.observation.error is not None:
            name = recognise(case.observation.error, case.observation.values)
        elif case.observation.outcome == "returned":
            shown = [fault.mistake for fault in case.faults if fault.mistake]
            shown += [comparison.mistake for comparison in case.comparisons if comparison.mistake]
            name = shown[0] if shown else None
        else:
            name = None
        if name is None:
            return ()
        if name not in names:
            names.append(name)
    return tuple(names) if len(names) == 1 else ()
