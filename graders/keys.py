"""Where the two sides meet, on the teacher's machine: cards and solutions become keys.

Public keys come from the public cases and ship with the notebooks. Hidden keys are drawn from a secret seed when a
class is graded; a draw that cannot judge is drawn again (:mod:`graders.drawing`).
"""

from __future__ import annotations

from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from graders import cards, drawing
from graders.engine.collector import paused
from graders.engine.key import Answers, CaseKey, Key, MistakeKey, joined
from graders.engine.observation import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graders.engine.card import Case, Exercise, Value


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
    question = Question(exercise.name, exercise.probe, case.arguments, case.options, case.earlier)
    try:
        values = asked(slug, question)
    except RuntimeError as error:
        raise RuntimeError(f"the solution of {exercise.name} fails on case {case.name}: {error}") from error
    names = tuple(quantity.name for quantity in exercise.quantities)
    return {name: value for name, value in values.items() if name.partition("@")[0] in names}


def asked(slug: str, question: Question) -> Mapping[str, Value]:
    """Return the numbers the reference answers a question with.

    Raises
    ------
    RuntimeError
        It answers with none; the message is the reason.
    """
    from graders.engine.worker.answer import answer

    observation = answer(reference(slug), question)
    if observation.outcome != "returned" or observation.faults:
        raise RuntimeError(str(observation.error or observation.faults or observation.outcome))
    return observation.values


def make_key(slug: str, exercise: Exercise, cases: Sequence[Case], *, hidden: bool) -> Key:
    """Return the key of an exercise for the given cases."""
    known = tuple(CaseKey(case, hidden, expected_answer(slug, exercise, case)) for case in cases)
    return with_mistakes(slug, exercise, known)


def with_mistakes(slug: str, exercise: Exercise, cases: tuple[CaseKey, ...]) -> Key:
    """Return the key of cases whose expected answers are known; what mistakes answer is computed when asked for."""
    from solutions.mistakes import catalogue, pair_recipes

    def answers(mistake: Any) -> MistakeKey:
        return MistakeKey(mistake.id, Answers(len(cases), lambda place: _answer(mistake, cases[place].case)))

    if not exercise.quantities:
        return assembled(slug, exercise, cases)
    return assembled(
        slug,
        exercise,
        cases,
        mistakes=tuple(map(answers, catalogue(slug, exercise.name))),
        pairs=cache(lambda: pairs_of(slug, exercise, cases, pair_recipes(slug, exercise.name))),
    )


def assembled(
    slug: str,
    exercise: Exercise,
    cases: tuple[CaseKey, ...],
    *,
    mistakes: tuple[MistakeKey, ...] = (),
    pairs: Callable[[], tuple[MistakeKey, ...]] = tuple,
    screened: Mapping[str, Any] | None = None,
) -> Key:
    """Return the key of an exercise from its parts."""
    from solutions.mistakes import TIES

    return Key(
        slug=slug,
        exercise=exercise.name,
        cases=cases,
        mistakes=mistakes,
        pairs=pairs,
        ties=TIES.get(exercise.name, {}),
        screened=screened or {},
    )


def pairs_of(
    slug: str, exercise: Exercise, cases: tuple[CaseKey, ...], recipes: Iterable[tuple[str, tuple[int, ...], int]]
) -> tuple[MistakeKey, ...]:
    """Return the pairs of mistakes of recipes; each is made when its first answer is asked for."""
    from solutions.mistakes import from_recipe

    def answers(recipe: tuple[str, tuple[int, ...], int]) -> MistakeKey:
        made = cache(lambda: from_recipe(slug, exercise.name, recipe))
        return MistakeKey(recipe[0], Answers(len(cases), lambda place: _answer(made(), cases[place].case)))

    return tuple(map(answers, recipes))


def recipes_of(key: Key) -> tuple[tuple[str, tuple[int, ...], int], ...]:
    """Return how the pairs of a key are made, in their order."""
    from solutions.mistakes import pair_recipes

    return pair_recipes(key.slug, key.exercise) if key.mistakes else ()


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
    NoDrawHoldsError
        No draw can judge; the message names the exercise and what cannot be told.
    """
    with paused():
        return {
            exercise.name: drawing.draw(slug, exercise, seed, partial(make_key, slug, exercise, hidden=True))
            for exercise in cards.load(slug).exercises
        }


@cache
def all_keys(slug: str, seed: int) -> dict[str, Key]:
    """Return the keys of public and hidden cases together, by exercise name: what grading uses."""
    public, hidden = public_keys(slug), hidden_keys(slug, seed)
    return {name: joined(public[name], hidden[name]) for name in public}
