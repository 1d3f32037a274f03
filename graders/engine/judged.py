"""One case, judged: the answer beside the key, with everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from graders.engine.card import Fault
from graders.engine.compare import Comparison, compare
from graders.engine.observation import Observation, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graders.engine.card import Exercise, Value
    from graders.engine.key import CaseKey

    Ask: TypeAlias = Callable[[Question, float], Observation]

MALFORMED = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)


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


def question_of(exercise: Exercise, case: CaseKey, dtype: str, device: str) -> Question:
    """Return a case as the question to put on one dtype and device."""
    return Question(
        function=exercise.name,
        probe=exercise.probe,
        arguments=case.case.arguments,
        options=case.case.options,
        earlier=case.case.earlier,
        dtype=dtype,
        device=device,
    )


def ask_case(exercise: Exercise, case: CaseKey, ask: Ask, seconds: float, dtype: str, device: str) -> Judged:
    """Put one case to the submission and judge the answer."""
    return judge_case(exercise, case, ask(question_of(exercise, case, dtype, device), seconds), dtype, device)


def judge_case(exercise: Exercise, case: CaseKey, observation: Observation, dtype: str, device: str) -> Judged:
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
