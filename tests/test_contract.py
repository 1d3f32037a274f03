"""The contract over all cards: stub, solution, every known mistake, every pair."""

from __future__ import annotations

import pytest

from graders import cards
from graders.drawing import unseen
from graders.engine.compare import reproduces
from graders.engine.judge import judge_exercise
from graders.keys import all_keys, hidden_keys, public_keys, reference
from solutions.mistakes import subject
from tests.support.answers import answering, asking

EXERCISES = [(slug, name) for slug, names in cards.EXERCISES.items() for name in names]
SEED = 7


def judged(slug, name, ask, key=None):
    card = cards.load(slug)
    return judge_exercise(card, card.exercise(name), key or all_keys(slug, SEED)[name], ask)


@pytest.mark.parametrize("slug", cards.SLUGS)
def test_cards_agree_with_the_course(slug):
    """The names of a card are those of the course, its weights sum to 1, its public names are unique."""
    card = cards.load(slug)
    assert tuple(exercise.name for exercise in card.exercises) == cards.EXERCISES[slug]
    for exercise in card.exercises:
        assert sum(exercise.aspects.values()) == pytest.approx(1.0)
        assert exercise.aspects["hints"] <= 0.1
        names = [case.case.name for case in all_keys(slug, SEED)[exercise.name].cases]
        assert len(set(names)) == len(names)
        assert {quantity.aspect for quantity in exercise.quantities} <= set(exercise.aspects)


def test_the_course_has_sixty_points():
    """Programs and written answers together give 60 points, as the course says."""
    total = sum(card.points + sum(answer.points for answer in card.written) for card in cards.load_all())
    assert total == 60


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_reference_gets_full_points(slug, name):
    """The solution passes every public and hidden case in float64 and float32."""
    verdict = judged(slug, name, asking(reference(slug)))
    assert verdict.status == "passed", (verdict.fact, verdict.cases)
    assert verdict.score == verdict.points
    assert verdict.diagnosis == ()


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_stub_is_not_attempted(slug, name):
    """A function that raises NotImplementedError, as the stub does, is not attempted and earns nothing."""
    source = f"def {name}(*args, **kwargs):\n    raise NotImplementedError('write it here')\n"
    namespace = {}
    exec(compile(source, "<cell 1>", "exec"), namespace)
    verdict = judged(slug, name, asking(namespace))
    assert (verdict.status, verdict.score) == ("not-attempted", 0.0)


NUMERIC = [
    (slug, name)
    for slug, name in EXERCISES
    if cards.load(slug).exercise(name).quantities and cards.load(slug).exercise(name).check is None
]


@pytest.mark.parametrize(("slug", "name"), NUMERIC)
def test_every_known_mistake_is_caught_and_named(slug, name):
    """The numbers of every catalogued mistake lose points and get its name."""
    key = all_keys(slug, SEED)[name]
    exercise = cards.load(slug).exercise(name)
    assert key.mistakes
    for mistake in key.mistakes:
        verdict = judged(slug, name, answering(exercise, mistake.answers, key), key)
        assert verdict.score < verdict.points, mistake.id
        assert mistake.id in verdict.diagnosis, (mistake.id, verdict.diagnosis)
        assert verdict.fact


@pytest.mark.parametrize(("slug", "name"), NUMERIC)
def test_every_pair_of_mistakes_is_told_apart_on_public_and_on_hidden_cases(slug, name):
    """No two known mistakes give the same numbers, except the ties that no data can separate."""
    exercise = cards.load(slug).exercise(name)
    tied = [set(group) for group in subject(slug, name).ties]
    for keys in (public_keys(slug), hidden_keys(slug, SEED)):
        key = keys[name]
        for place, one in enumerate(key.mistakes):
            for other in key.mistakes[:place]:
                if one.id == other.id or any({one.id, other.id} <= group for group in tied):
                    continue
                same = all(
                    mine is not None
                    and theirs is not None
                    and reproduces(exercise.quantities, mine, theirs, 1e-9) is not None
                    for mine, theirs in zip(one.answers, other.answers, strict=True)
                )
                assert not same, (one.id, other.id)


@pytest.mark.parametrize(("slug", "name"), NUMERIC)
def test_public_cases_alone_see_every_mistake(slug, name):
    """A student's own check sees every known mistake."""
    exercise = cards.load(slug).exercise(name)
    assert unseen(exercise, public_keys(slug)[name]) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("slug", cards.SLUGS)
def test_hidden_cases_of_any_seed_see_every_mistake(slug, seed):
    """Whatever is drawn, every known mistake is off by far more than the tolerance on some hidden case."""
    for exercise in cards.load(slug).exercises:
        assert unseen(exercise, hidden_keys(slug, seed)[exercise.name]) == []


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "name"), NUMERIC)
def test_pairs_are_caught_and_named(slug, name):
    """Two mistakes made together are named as the pair, or as the one whose numbers they have on all cases.

    A sample of them, evenly over the catalogue.
    """
    key = all_keys(slug, SEED)[name]
    exercise = cards.load(slug).exercise(name)
    every = key.pairs()
    for pair in every[:: max(1, len(every) // 60)]:
        verdict = judged(slug, name, answering(exercise, pair.answers, key), key)
        assert verdict.score < verdict.points, pair.id
        equal_to_one = verdict.diagnosis and set(verdict.diagnosis) <= set(pair.id.split("+"))
        assert pair.id in verdict.diagnosis or equal_to_one, (pair.id, verdict.diagnosis)
