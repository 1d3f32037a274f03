"""One submission's answers -> verdicts. Student code never runs here; only numbers and short text arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graders.engine import hints
from graders.engine.facts import earliest
from graders.engine.judged import MALFORMED, Judged, ask_case
from graders.engine.marks import Marks, award
from graders.engine.naming import name_mistake
from graders.engine.observation import Observation, Question
from graders.engine.rehearsal import confirming, rehearse
from graders.engine.reporting import Findings, absent_report, compose
from graders.engine.verdict import CaseResult, ExerciseVerdict, FirstDifference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Card, Exercise
    from graders.engine.judged import Ask
    from graders.engine.key import Key
    from graders.engine.reporting import Feedback
    from graders.engine.verdict import ExerciseStatus

LATE_CALLS = 3  # calls in a row without an answer, after which no more are made
ABSENT = frozenset({"missing", "not-attempted"})


def judge(
    card: Card,
    keys: Mapping[str, Key],
    ask: Ask,
    *,
    device: str = "cpu",
    feedback: Feedback = "numbers",
) -> tuple[ExerciseVerdict, ...]:
    """Judge every exercise of a card that has a key.

    Parameters
    ----------
    card, keys
        What is asked, and the judge's knowledge, by exercise name.
    ask
        Puts one question to the submission and waits at most the given seconds.
    device
        Where the float32 confirmation runs: ``cpu`` or ``cuda``.
    feedback
        How much a student's report says: ``symptom``, ``hint`` or ``numbers``.
    """
    return tuple(
        judge_exercise(card, exercise, keys[exercise.name], ask, device=device, feedback=feedback)
        for exercise in card.exercises
        if exercise.name in keys
    )


@np.errstate(all="ignore")  # a student's numbers may be anything
def judge_exercise(
    card: Card,
    exercise: Exercise,
    key: Key,
    ask: Ask,
    *,
    device: str = "cpu",
    feedback: Feedback = "numbers",
) -> ExerciseVerdict:
    """Judge one exercise: ask every case, compare, diagnose, mark, word."""
    seconds = card.call_seconds
    known = rehearse(exercise, key, ask, seconds, device)
    first = known.case(0) or ask_case(exercise, key.cases[0], ask, seconds, "float64", "cpu")
    if first.observation.outcome in ABSENT:
        return _absent(exercise, key, first)
    judged = [first]
    for place, case in enumerate(key.cases[1:], 1):
        put = not_asked if _hangs(judged) else ask
        judged.append(known.case(place) or ask_case(exercise, case, put, seconds, "float64", "cpu"))
    single = (
        [
            known.case(place, "float32") or ask_case(exercise, key.cases[place], ask, seconds, "float32", device)
            for place in confirming(key)
        ]
        if _worth_confirming(judged)
        else []
    )
    hint_faults = hints.compare_signature(exercise.signature, known.signature or _signature(exercise, ask, seconds))
    marks = award(exercise, [*judged, *single], hints_right=not hint_faults)
    try:
        ids = name_mistake(exercise, key, judged, single, hint_faults, ask, seconds)
    except MALFORMED:  # answers of a form no probe gives reproduce no known mistake
        ids = ()
    findings = Findings(
        exercise=exercise,
        judged=(*judged, *single),
        marks=marks,
        diagnosis=ids,
        hint_faults=tuple(hint_faults),
    )
    status = _status(marks, [*judged, *single])
    fact, hint, report = compose(findings, card, feedback)
    return ExerciseVerdict(
        name=exercise.name,
        score=marks.score,
        points=exercise.points,
        status=status,
        fact=fact,
        hint=hint,
        diagnosis=ids,
        first_difference=_first_difference(judged) or _first_difference(single),
        cases=tuple(_case_result(case) for case in (*judged, *single)),
        report=report,
    )


def _hangs(judged: Sequence[Judged]) -> bool:
    """Whether the last calls all ran out of time: further ones would use up the time of the other exercises."""
    last = judged[-LATE_CALLS:]
    return len(last) == LATE_CALLS and all(case.observation.outcome == "timed-out" for case in last)


def not_asked(question: Question, seconds: float) -> Observation:
    """Answer for a function that never came back."""
    del question, seconds
    return Observation("timed-out")


def _worth_confirming(judged: Sequence[Judged]) -> bool:
    """Float32 says something only of a program that returns numbers for float64."""
    return any(case.observation.outcome == "returned" for case in judged)


def _signature(exercise: Exercise, ask: Ask, seconds: float) -> Observation:
    return ask(Question(exercise.name, "signature", {}), seconds)


def _absent(exercise: Exercise, key: Key, first: Judged) -> ExerciseVerdict:
    fact, report = absent_report(exercise, first.observation)
    raised = first.observation.outcome == "missing" and first.observation.error is not None
    cases = tuple(
        CaseResult(case.case.name, "float64", "cpu", passed=False, deviation=None, allowed=exercise.tau)
        for case in key.cases
    )
    return ExerciseVerdict(
        name=exercise.name,
        score=0.0,
        points=exercise.points,
        status="raised" if raised else "not-attempted",
        fact=fact,
        hint="",
        diagnosis=(),
        first_difference=None,
        cases=cases,
        report=report,
    )


def _status(marks: Marks, judged: Sequence[Judged]) -> ExerciseStatus:
    if marks.full:
        return "passed"
    outcomes = [case.observation.outcome for case in judged if not case.right]
    if "timed-out" in outcomes:
        return "timed-out"
    wrong_numbers = any(case.observation.outcome == "returned" and not case.right for case in judged)
    if not wrong_numbers and ("raised" in outcomes or "died" in outcomes):
        return "raised"
    return "failed"


def _case_result(case: Judged) -> CaseResult:
    deviations = [comparison.deviation for comparison in case.comparisons if comparison.deviation is not None]
    finite = [float(deviation) for deviation in deviations]
    worst = max(finite, default=None)
    return CaseResult(
        name=case.key.case.name,
        dtype=case.dtype,
        device=case.device,
        passed=case.right,
        deviation=worst if worst is None or np.isfinite(worst) else None,
        allowed=case.tau,
    )


def _first_difference(judged: Sequence[Judged]) -> FirstDifference | None:
    for case in judged:
        comparison = earliest(case.comparisons)
        if comparison is not None:
            return FirstDifference(
                case=case.key.case.name,
                quantity=comparison.name,
                step=comparison.step if comparison.quantity.kind in {"path", "trajectory"} else None,
                yours=_finite(comparison.yours),
                expected=_finite(comparison.expected),
                allowed=case.tau,
            )
    return None


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
