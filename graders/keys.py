"""Where the two sides meet, on the teacher's machine: cards and solutions become keys.

Public keys come from the public cases and ship with the notebooks. Hidden keys are drawn from a secret seed when a
class is graded; a draw that cannot tell every known mistake from the reference is drawn again.
"""

from __future__ import annotations

import random
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from graders import cards
from graders.engine.compare import reproduces
from graders.engine.key import Answers, CaseKey, Key, MistakeKey, joined
from graders.engine.observation import Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Case, Exercise, Value

DRAWS = 50
APART = 1e-7  # relative; a mistake that is nearer than this to the reference is not told from it


class SolutionsMissingError(RuntimeError):
    """The teacher's side is not on this machine."""


def reference(slug: str) -> Mapping[str, Any]:
    """Return the names of the solution of an assignment.

    Raises
    ------
    SolutionsMissingError
        There is no package ``solutions`` here.
    """
    try:
        module = import_module(f"solutions.{slug}")
    except ModuleNotFoundError as error:
        raise SolutionsMissingError(
            f"the solution of {slug} is not on this machine: grading needs the course's repository; "
            "run the command in its folder",
        ) from error
    return vars(module)


def expected_answer(slug: str, exercise: Exercise, case: Case) -> Mapping[str, Value]:
    """Return what the reference answers; property-judged exercises expect no numbers.

    Raises
    ------
    RuntimeError
        The reference itself fails; the message names exercise, case and reason.
    """
    if exercise.check is not None and not exercise.quantities:
        return {}
    from graders.engine.worker.answer import answer

    question = Question(exercise.name, exercise.probe, case.arguments, case.options, case.earlier)
    observation = answer(reference(slug), question)
    if observation.outcome != "returned" or observation.faults:
        reason = observation.error or observation.faults or observation.outcome
        raise RuntimeError(f"the solution of {exercise.name} fails on case {case.name}: {reason}")
    names = tuple(quantity.name for quantity in exercise.quantities)
    return {name: value for name, value in observation.values.items() if name.partition("@")[0] in names}


def make_key(slug: str, exercise: Exercise, cases: Sequence[Case], *, hidden: bool) -> Key:
    """Return the key of an exercise for the given cases."""
    known = tuple(CaseKey(case, hidden, expected_answer(slug, exercise, case)) for case in cases)
    return with_mistakes(slug, exercise, known)


def with_mistakes(slug: str, exercise: Exercise, cases: tuple[CaseKey, ...]) -> Key:
    """Return the key of cases whose expected answers are known; what mistakes answer is computed when asked for."""
    from solutions.mistakes import TIES, catalogue, pairs

    def answers(mistake: Any) -> MistakeKey:
        return MistakeKey(mistake.id, Answers(tuple(partial(_answer, mistake, case.case) for case in cases)))

    by_numbers = bool(exercise.quantities)
    return Key(
        slug=slug,
        exercise=exercise.name,
        cases=cases,
        mistakes=tuple(map(answers, catalogue(slug, exercise.name))) if by_numbers else (),
        pairs=cache(lambda: tuple(map(answers, pairs(slug, exercise.name)))) if by_numbers else tuple,
        ties=TIES.get(exercise.name, {}),
    )


def _answer(mistake: Any, case: Case) -> Mapping[str, Value] | None:
    values = mistake.numbers(case)
    if values is None:
        return None
    return {
        name: np.asarray(value, dtype=np.float64) if isinstance(value, float | list | np.ndarray) else value
        for name, value in values.items()
    }


@cache
def public_keys(slug: str) -> dict[str, Key]:
    """Return the keys of the public cases, by exercise name."""
    return {
        exercise.name: make_key(slug, exercise, exercise.public(), hidden=False)
        for exercise in cards.load(slug).exercises
    }


@cache
def hidden_keys(slug: str, seed: int) -> dict[str, Key]:
    """Return the keys of the hidden cases drawn from a seed, by exercise name.

    Raises
    ------
    RuntimeError
        No draw separates the mistakes; the message names the exercise and the nearest ones.
    """
    return {exercise.name: _drawn(slug, exercise, seed) for exercise in cards.load(slug).exercises}


def _drawn(slug: str, exercise: Exercise, seed: int) -> Key:
    for draw in range(DRAWS):
        rng = random.Random(f"{seed}:{slug}:{exercise.name}:{draw}")  # noqa: S311  # replayable, not a secret
        key = make_key(slug, exercise, exercise.hidden(rng), hidden=True)
        if draw + 1 == DRAWS or not hidden_mistakes(exercise, key):
            break
    return key


def hidden_mistakes(exercise: Exercise, key: Key) -> list[str]:
    """Return the ids of known mistakes that this key's cases do not tell from the reference."""
    unseen = []
    for mistake in key.mistakes:
        told = any(
            answer is not None and reproduces(exercise.quantities, case.expected, answer, APART) is None
            for case, answer in zip(key.cases, mistake.answers, strict=True)
        )
        if not told:
            unseen.append(mistake.id)
    return unseen


@cache
def all_keys(slug: str, seed: int) -> dict[str, Key]:
    """Return the keys of public and hidden cases together, by exercise name: what grading uses."""
    public, hidden = public_keys(slug), hidden_keys(slug, seed)
    return {name: joined(public[name], hidden[name]) for name in public}
