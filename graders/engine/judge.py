"""One submission's answers -> verdicts. Student code never runs here; only numbers and short text arrive."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

import numpy as np

from graders.engine import hints
from graders.engine.card import Fault
from graders.engine.compare import Comparison, compare
from graders.engine.diagnose import diagnose
from graders.engine.facts import earliest
from graders.engine.ignored import ignored_argument, left_between_calls, through_float32
from graders.engine.marks import Marks, award
from graders.engine.observation import Observation, Question
from graders.engine.raised import recognise
from graders.engine.reporting import Findings, absent_report, compose
from graders.engine.verdict import CaseResult, ExerciseVerdict, FirstDifference

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from graders.engine.card import Card, Exercise, Value
    from graders.engine.key import CaseKey, Key
    from graders.engine.reporting import Feedback
    from graders.engine.verdict import ExerciseStatus

    Ask: TypeAlias = Callable[[Question, float], Observation]

FLOAT32_CASES = 3  # stable cases that are run in float32 as well
LATE_CALLS = 3  # calls in a row without an answer, after which no more are made
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
ABSENT = frozenset({"missing", "not-attempted"})


@runtime_checkable
class InTurn(Protocol):
    """A way to ask that can also put several questions to one process."""

    def in_turn(self, questions: Sequence[Question], seconds: float) -> Generator[Observation]:
        """Yield the answers, fewer where the process does not answer."""


@dataclass(frozen=True)
class Judged:
    """One case on one dtype and device: what was observed, and what is wrong with it.

    ``faults``: what is wrong beside the numbers. ``changed``: arguments that were changed though they must not be.
    """

    key: CaseKey
    dtype: str
    device: str
    observation: Observation
    comparisons: tuple[Comparison, ...]
    faults: tuple[Fault, ...]
    changed: tuple[str, ...]
    tau: float

    @property
    def numbers_right(self) -> bool:
        """Whether everything but the arguments is right."""
        returned = self.observation.outcome == "returned"
        return returned and not self.faults and all(comparison.right for comparison in self.comparisons)

    @property
    def right(self) -> bool:
        """Whether the case is passed."""
        return self.numbers_right and not self.changed

    def aspect_right(self, aspect: str) -> bool:
        """Whether the quantities of one aspect are right on this case."""
        if self.observation.outcome != "returned":
            return False
        if any(fault.aspect in {aspect, ""} for fault in self.faults):
            return False
        return all(comparison.right for comparison in self.comparisons if comparison.quantity.aspect == aspect)

    def has_aspect(self, aspect: str) -> bool:
        """Whether this case says something about an aspect."""
        if not self.comparisons:  # judged by properties, or nothing came back
            return True
        return any(comparison.quantity.aspect == aspect for comparison in self.comparisons)


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
    first = known.case(0) or _ask_case(exercise, key.cases[0], ask, seconds, "float64", "cpu")
    if first.observation.outcome in ABSENT:
        return _absent(exercise, key, first)
    judged = [first]
    for place, case in enumerate(key.cases[1:], 1):
        put = not_asked if _hangs(judged) else ask
        judged.append(known.case(place) or _ask_case(exercise, case, put, seconds, "float64", "cpu"))
    single = (
        [
            known.case(place, "float32") or _ask_case(exercise, key.cases[place], ask, seconds, "float32", device)
            for place in _confirming(key)
        ]
        if _worth_confirming(judged)
        else []
    )
    hint_faults = hints.compare_signature(exercise.signature, known.signature or _signature(exercise, ask, seconds))
    marks = award(exercise, [*judged, *single], hints_right=not hint_faults)
    try:
        ids = _diagnosis(exercise, key, judged, single, hint_faults, ask, seconds)
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


def _confirming(key: Key) -> list[int]:
    """Return the places of the float32 cases: the first stable one and the last, since public data may be exact."""
    stable = [place for place, case in enumerate(key.cases) if case.case.stable and not case.case.trivial]
    return stable if len(stable) <= FLOAT32_CASES else [stable[0], *stable[1 - FLOAT32_CASES :]]


def _worth_confirming(judged: Sequence[Judged]) -> bool:
    """Float32 says something only of a program that returns numbers for float64."""
    return any(case.observation.outcome == "returned" for case in judged)


@dataclass
class Rehearsal:
    """What is known after the cases were answered one after the other in one process."""

    cases: dict[tuple[int, str], Judged] = field(default_factory=dict)
    signature: Observation | None = None

    def case(self, place: int, dtype: str = "float64") -> Judged | None:
        """Return what is known of a case."""
        return self.cases.get((place, dtype))


def rehearse(exercise: Exercise, key: Key, ask: Ask, seconds: float, device: str) -> Rehearsal:
    """Have every case answered in turn by one process, and keep what a process of its own would have answered too.

    A right program is right so: every answer is the reference's. A wrong one is known so where one known mistake gives
    all of its answers. In both, no call has influenced another. Of everything else only the signature, read before
    any call, and the first call count; the rest is asked again, each case in a fresh process.
    """
    known = Rehearsal()
    way: object = ask
    if not isinstance(way, InTurn):
        return known
    plan = [(place, "float64") for place in range(len(key.cases))]
    plan += [(place, "float32") for place in _confirming(key)] if device == "cpu" else []
    questions = [_question(exercise, key.cases[place], dtype, "cpu") for place, dtype in plan]
    answers = way.in_turn([Question(exercise.name, "signature", {}), *questions], seconds)
    with closing(answers):
        known.signature = next(answers, None)
        for (place, dtype), seen in zip(plan, answers, strict=False):
            known.cases[place, dtype] = _judge_case(exercise, key.cases[place], seen, dtype, "cpu")
            if seen.outcome != "returned":
                break
    if known.signature is not None and known.signature.outcome != "returned":
        known.signature = None
    if len(known.cases) < len(plan) or not _accounted_for(exercise, key, list(known.cases.values())):
        known.cases = {at: case for at, case in known.cases.items() if at == plan[0] and known.signature}
    return known


def _accounted_for(exercise: Exercise, key: Key, cases: Sequence[Judged]) -> bool:
    """Whether these answers are all right, or all those of one known mistake."""
    if not all(case.observation.outcome == "returned" for case in cases):
        return False
    if all(case.numbers_right for case in cases):
        return True
    double = [case.observation for case in cases if case.dtype == "float64"]
    return exercise.check is None and bool(diagnose(key, exercise.quantities, double, exercise.tau))


def _question(exercise: Exercise, case: CaseKey, dtype: str, device: str) -> Question:
    return Question(
        function=exercise.name,
        probe=exercise.probe,
        arguments=case.case.arguments,
        options=case.case.options,
        earlier=case.case.earlier,
        dtype=dtype,
        device=device,
    )


def _ask_case(exercise: Exercise, case: CaseKey, ask: Ask, seconds: float, dtype: str, device: str) -> Judged:
    return _judge_case(exercise, case, ask(_question(exercise, case, dtype, device), seconds), dtype, device)


def _judge_case(exercise: Exercise, case: CaseKey, observation: Observation, dtype: str, device: str) -> Judged:
    """Judge an answer; one that no probe of ours gives (a program may forge its own) is none."""
    try:
        return _compared(exercise, case, observation, dtype, device)
    except MALFORMED as error:
        nothing = Observation("unreadable", text=f"{type(error).__name__} while the answer was read")
        return _compared(exercise, case, nothing, dtype, device)


def _compared(exercise: Exercise, case: CaseKey, observation: Observation, dtype: str, device: str) -> Judged:
    tau = exercise.tau if dtype == "float64" else exercise.tau32
    comparisons: tuple[Comparison, ...] = ()
    faults: list[Fault] = []
    if observation.outcome == "returned":
        faults = form_faults(exercise, case, observation, dtype)
        if exercise.check is not None:
            faults += exercise.check(case.case, observation)
        comparisons = tuple(compare(exercise.quantities, case.expected, observation.values, tau))
    changed = _changed(exercise, case.case.arguments, observation, dtype)
    return Judged(case, dtype, device, observation, comparisons, tuple(faults), changed, tau)


def form_faults(exercise: Exercise, case: CaseKey, observation: Observation, dtype: str) -> list[Fault]:
    """Return what the probe says of the form of an answer, and dtypes that were not kept."""
    aspect = "form" if observation.values else ""  # values that arrived speak for themselves
    faults = [Fault(sentence, mistake or None, aspect) for mistake, sentence in observation.faults]
    for name, word in observation.dtypes.items():
        asked_for = name in case.expected or exercise.probe == "dataset"
        if not asked_for or word == dtype or not word.startswith(("float", "bfloat")):
            continue
        if exercise.probe in {"history", "histories"}:  # a History holds plain floats; its values tell
            continue
        mistake = "float32-inside" if dtype == "float64" and word == "float32" else None
        faults.append(Fault(f"your result has dtype {word} for {dtype} input", mistake))
    return faults


def _changed(
    exercise: Exercise, arguments: Mapping[str, Value], observation: Observation, dtype: str
) -> tuple[str, ...]:
    names = []
    for name, value in arguments.items():
        if name in exercise.may_change or name not in observation.after:
            continue
        if not _unchanged(value, observation.after[name], dtype):
            names.append(name)
    return tuple(names)


def _unchanged(sent: Value, after: Value, dtype: str) -> bool:
    if isinstance(sent, list):
        return (
            isinstance(after, list)
            and len(after) == len(sent)
            and all(_unchanged(one, other, dtype) for one, other in zip(sent, after, strict=True))
        )
    if isinstance(sent, dict):
        return (
            isinstance(after, dict)
            and list(after) == list(sent)
            and all(_unchanged(sent[key], after[key], dtype) for key in sent)
        )
    if not isinstance(sent, np.ndarray):
        return isinstance(after, type(sent)) and bool(after == sent or sent != sent)  # noqa: PLR0124
    if not isinstance(after, np.ndarray):
        return False
    if sent.dtype == np.float64 and dtype == "float32":
        sent = sent.astype(np.float32)
    return sent.shape == after.shape and np.array_equal(sent, after.astype(sent.dtype), equal_nan=True)


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


def _diagnosis(
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
