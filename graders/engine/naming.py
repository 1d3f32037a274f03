"""Name the mistake of one exercise: from its numbers, from the exception, from the form; silence otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.compare import compare
from graders.engine.diagnose import diagnose
from graders.engine.ignored import ignored_argument, left_between_calls, through_float32
from graders.engine.raised import recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.card import Exercise, Value
    from graders.engine.judged import Ask, Judged
    from graders.engine.key import Key
    from graders.engine.observation import Observation


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
        if named or exercise.probe == "figure":
            return named
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
        return named
    if changed and _only_after_change(judged):
        return ("arguments-modified",)
    if left_between_calls(exercise, judged, lambda question: ask(question, seconds)):
        return ("state-left-between-calls",)
    shaped = diagnose(key, exercise.quantities, _in_shape(judged), exercise.tau)
    if shaped:
        return tuple(f"{one}+wrong-shape" for one in shaped if "+" not in one)
    return ignored_argument(exercise, judged, lambda question: ask(question, seconds))


def _in_shape(judged: Sequence[Judged]) -> list[Observation]:
    """Return the answers with every array of the expected size brought into the expected shape."""
    return [
        replace(
            case.observation,
            values={
                name: _reshaped(value, case.key.expected.get(name)) for name, value in case.observation.values.items()
            },
        )
        for case in judged
    ]


def _reshaped(value: Value, expected: Value) -> Value:
    if isinstance(value, np.ndarray) and isinstance(expected, np.ndarray | float) and value.size == np.size(expected):
        return value.reshape(np.shape(expected))
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
        loose = compare(exercise.quantities, case.key.expected, case.observation.values, 1e-4)
        if not all(comparison.right for comparison in loose):
            return False
    return True


def _from_faults(judged: Sequence[Judged]) -> tuple[str, ...]:
    """Name the first mistake that every telling wrong case shows among its faults."""
    wrong = [case for case in judged if not case.numbers_right]
    telling = [case for case in wrong if not case.key.case.trivial] or wrong
    shown = [[fault.mistake for fault in case.faults if fault.mistake] for case in telling]
    common = [one for one in shown[0] if all(one in others for others in shown)] if shown else []
    return tuple(common[:1]) or _from_wrong(wrong)


def _from_wrong(wrong: Sequence[Judged]) -> tuple[str, ...]:
    """Name what every wrong case shows: one exception, one fault of form, one wrong shape."""
    names: list[str] = []
    for case in wrong:
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
