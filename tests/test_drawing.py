"""Hidden cases prove what they are drawn for, are drawn again where they do not, and say so where they never do."""

from __future__ import annotations

import random
import warnings
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib import rc_context

from graders import cards, drawing
from graders.engine.compare import compare, reproduces
from graders.engine.judged import question_of
from graders.engine.worker.answer import answer
from graders.keys import hidden_keys, make_key
from solutions.mistakes import subject
from tests.support.programs import CORPUS

NUMERIC = [
    (card.slug, exercise.name)
    for card in cards.load_all()
    for exercise in card.exercises
    if subject(card.slug, exercise.name) is not None
]
SLUG, NAME = "ps5_minibatch_descent", "accumulated_gradients"
FACTOR = 4.0  # right programs are at most this many times as far apart as estimated


def exercise_of(slug=SLUG, name=NAME):
    return cards.load(slug).exercise(name)


def key_of(exercise, cases, slug=SLUG):
    return make_key(slug, exercise, cases, hidden=True)


def drawn(exercise, slug=SLUG, seed=5):
    return drawing.draw(slug, exercise, seed, lambda cases: key_of(exercise, cases, slug))


def blind(rng):
    """Cases on which whole batches hide every mistake of a partial one, and one sample nearly all others."""
    case = exercise_of().hidden(rng)[0]
    arguments = dict(case.arguments)
    single = {**arguments, "x": arguments["x"][:1], "y": arguments["y"][:1], "micro_batch_size": 1}
    return [replace(case, arguments=single)]


def test_cases_that_hide_mistakes_are_drawn_again():
    """A generator whose first cases hide mistakes is asked again, and its second cases are the key's."""
    exercise = exercise_of()
    asked = []

    def hidden(rng):
        asked.append(rng)
        return blind(rng) if len(asked) == 1 else exercise.hidden(random.Random(11))

    key = drawn(replace(exercise, hidden=hidden))
    assert len(asked) == 2
    assert [case.case.name for case in key.cases] == [case.name for case in exercise.hidden(random.Random(11))]


def test_another_draw_is_another_one():
    """Each draw from one seed gets its own random numbers, the same in every process."""
    numbers = []

    def hidden(rng):
        numbers.append(rng.random())
        return blind(random.Random(1))

    for _ in range(2):
        with pytest.raises(drawing.NoDrawHoldsError):
            drawn(replace(exercise_of(), hidden=hidden))
    assert len(set(numbers)) == drawing.DRAWS
    assert numbers[: drawing.DRAWS] == numbers[drawing.DRAWS :]


def test_a_generator_that_never_holds_is_named():
    """The error names the exercise, how often it was drawn, and mistakes that the cases hide."""
    with pytest.raises(drawing.NoDrawHoldsError) as raised:
        drawn(replace(exercise_of(), hidden=blind))
    said = str(raised.value)
    assert said.startswith(f"{NAME}: the hidden cases of {SLUG} do not hold in {drawing.DRAWS} draws")
    assert "cannot be told from the reference" in said
    assert "sum-instead-of-mean" in said


@pytest.mark.parametrize(("changed", "dtype"), [({"tau": 1e-15}, "float64"), ({"tau32": 1e-7}, "float32")])
def test_cases_on_which_correct_programs_differ_are_named(changed, dtype):
    """Where the tolerance is too near to the spread of correct programs, the error names the cases and the dtype."""
    with pytest.raises(
        drawing.NoDrawHoldsError, match=rf"not far enough above the spread of correct programs on hidden_.*{dtype}: "
    ):
        drawn(replace(exercise_of(), **changed))


def test_mistakes_that_cannot_be_told_from_each_other_are_named():
    """Micro-batches of one size leave mistakes of weighing them alike; the complaint says which."""
    exercise = exercise_of()
    (first, *_) = exercise.hidden(random.Random(3))
    arguments = dict(first.arguments)
    n = len(arguments["x"]) // 4 * 4
    arguments = {**arguments, "x": arguments["x"][:n], "y": arguments["y"][:n], "micro_batch_size": n // 4}
    key = key_of(exercise, [replace(first, arguments=arguments)])
    alike = drawing.confused(exercise, key, subject(SLUG, NAME).ties)
    one, other = alike[0]
    complaints = list(drawing.complaints(SLUG, exercise, key))
    assert any(f"{one} and {other}" in said and said.endswith("cannot be told from each other") for said in complaints)


def told_apart(exercise, one, other):
    return any(
        mine is None or theirs is None or reproduces(exercise.quantities, mine, theirs, drawing.APART) is None
        for mine, theirs in zip(one.answers, other.answers, strict=True)
    )


@pytest.mark.parametrize(
    ("slug", "name"),
    [one for one in NUMERIC if one[1] in {"mse", "update", "loss_grid", "largest_stable_lr", NAME}],
)
def test_the_search_for_alike_mistakes_misses_none(slug, name):
    """The quick search finds what comparing every two mistakes finds, on one case that hides much."""
    exercise = exercise_of(slug, name)
    key = key_of(exercise, exercise.public()[-1:], slug)
    expected = {
        frozenset((one.id, other.id))
        for one, other in combinations(key.mistakes, 2)
        if one.id != other.id and not told_apart(exercise, one, other)
    }
    assert {frozenset(pair) for pair in drawing.confused(exercise, key, ())} == expected


def test_moved_inputs_are_one_unit_away():
    """Every number is moved by one unit in the last place of the dtype; orders, rates and sizes stay."""
    case = exercise_of("ps5_minibatch_descent", "train_minibatch").public()[0]
    for dtype in (np.float64, np.float32):
        other = drawing.moved(case, dtype, 1)
        x, near = case.arguments["x"].astype(dtype), other.arguments["x"].astype(dtype)
        assert np.all((near == np.nextafter(x, dtype(np.inf))) | (near == np.nextafter(x, dtype(-np.inf))))
        assert other.arguments["lr"] == case.arguments["lr"]
        assert all(map(np.array_equal, other.arguments["orders"], case.arguments["orders"]))


def programs_of(name):
    """The right programs of an exercise, each as a namespace."""
    for path in sorted((CORPUS / name / "right").glob("*.py")):
        namespace = {"__name__": "__main__"}
        with warnings.catch_warnings(action="ignore"):  # what a program uses is its own
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
        yield path.stem, namespace


@pytest.mark.parametrize(("slug", "name"), NUMERIC)
def test_right_programs_differ_by_no_more_than_estimated(slug, name):
    """On every drawn case the right programs of the corpus are within a small factor of the estimated spread."""
    exercise = exercise_of(slug, name)
    key = hidden_keys(slug, 3)[name]
    with rc_context():
        programs = list(programs_of(name))
        assert programs
        for case, dtype, spread, tau in drawing.spreads(slug, exercise, key):
            assert spread <= tau / drawing.ROOM[dtype]
            for title, namespace in programs:
                seen = answer(namespace, question_of(exercise, case, dtype, "cpu"))
                assert seen.outcome == "returned", title
                found = compare(exercise.quantities, case.expected, seen.values, tau)
                real = max((one.deviation for one in found if one.deviation is not None), default=0.0)
                assert real <= FACTOR * spread, (title, case.case.name, dtype, real, spread)


def holds(slug, seed):
    for exercise in cards.load(slug).exercises:
        key = drawing.draw(slug, exercise, seed, lambda cases, one=exercise: make_key(slug, one, cases, hidden=True))
        assert list(drawing.complaints(slug, exercise, key)) == []
        assert all(case.hidden for case in key.cases)


@pytest.mark.parametrize("slug", cards.SLUGS)
def test_hidden_cases_can_be_drawn_from_any_seed(slug):
    """A draw holds for a seed never used elsewhere."""
    holds(slug, 104729)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(0, 200, 10))
@pytest.mark.parametrize("slug", cards.SLUGS)
def test_hidden_cases_can_be_drawn_from_many_seeds(slug, seed):
    """A draw holds for every tenth of two hundred seeds."""
    holds(slug, seed)
