"""Have one process answer all cases in turn, where that can't change a verdict: one fork instead of twenty."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from graders.engine.diagnose import diagnose
from graders.engine.judged import Judged, judge_case, question_of
from graders.engine.observation import Observation, Question

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from graders.engine.card import Exercise
    from graders.engine.judged import Ask
    from graders.engine.key import Key

FLOAT32_CASES = 3  # stable cases that are run in float32 as well


@runtime_checkable
class InTurn(Protocol):
    """A way to ask that can also put several questions to one process."""

    def in_turn(self, questions: Sequence[Question], seconds: float) -> Generator[Observation]:
        """Yield the answers, fewer where the process does not answer."""


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
    plan += [(place, "float32") for place in confirming(key)] if device == "cpu" else []
    questions = [question_of(exercise, key.cases[place], dtype, "cpu") for place, dtype in plan]
    answers = way.in_turn([Question(exercise.name, "signature", {}), *questions], seconds)
    with closing(answers):
        known.signature = next(answers, None)
        for (place, dtype), seen in zip(plan, answers, strict=False):
            known.cases[place, dtype] = judge_case(exercise, key.cases[place], seen, dtype, "cpu")
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


def confirming(key: Key) -> list[int]:
    """Return the places of the float32 cases: the first stable one and the last, since public data may be exact."""
    stable = [place for place, case in enumerate(key.cases) if case.case.stable and not case.case.trivial]
    return stable if len(stable) <= FLOAT32_CASES else [stable[0], *stable[1 - FLOAT32_CASES :]]
