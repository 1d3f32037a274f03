"""Tolerances: derived by one rule from measured figures, which are complete and ship with the cards."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from graders import cards, kept_keys
from graders.engine.tolerance import (
    COURSE,
    EPSILON,
    MARGIN,
    Measured,
    ToleranceError,
    at_most,
    digits,
    dump,
    load,
    margins,
    stated,
    tolerance,
)

ROOT = Path(__file__).parent.parent
ROW = Measured("forward", "float32", "cpu", 2e-7, "right/plain", 4e-4, "wrong/ascent", 0.3, "wrong/half-mse", 1)
BY_NUMBERS = [exercise for card in cards.load_all() for exercise in card.exercises if exercise.quantities]


@pytest.mark.parametrize("dtype", COURSE)
@pytest.mark.parametrize(("below", "above"), [(10, 10), (1e5, 10), (10, 1e8), (1e3, math.inf)])
def test_the_course_s_tolerance_holds_where_there_is_room(dtype, below, above):
    """Ten times on both sides are enough, and then nothing but the course's value is used."""
    row = replace(ROW, dtype=dtype, spread=COURSE[dtype] / below, nearest=COURSE[dtype] * above)
    assert tolerance(dtype, [row]) == COURSE[dtype]


@pytest.mark.parametrize(
    ("spread", "nearest", "own"),
    [
        (1.1e-6, 2.5e-4, 2e-5),  # correct programs too far for 1e-5
        (1.2e-8, 9e-5, 9e-6),  # a mistake too near
        (0.0, 5e-5, 5e-6),  # the same, and all correct programs alike
        (2e-6, math.inf, 2e-5),  # no mistake by numbers
    ],
)
def test_an_exercise_gets_a_tolerance_of_its_own(spread, nearest, own):
    """Where the course's value has no room, the nearest to it in one digit is taken that has."""
    found = tolerance("float32", [replace(ROW, spread=spread, nearest=nearest)])
    assert found == own
    assert min(margins(found, spread, nearest)) >= MARGIN


@pytest.mark.parametrize(("spread", "nearest"), [(3e-6, 2e-4), (1e-4, 5e-4), (2e-6, 1e-6)])
def test_no_room_names_the_pair(spread, nearest):
    """Neither value is ten times away from both: the message holds the two programs and their figures."""
    with pytest.raises(ToleranceError) as caught:
        tolerance("float32", [replace(ROW, spread=spread, nearest=nearest)])
    for part in ("forward", "float32", "right/plain", "wrong/ascent", f"{spread:.1e}", f"{nearest:.1e}"):
        assert part in str(caught.value)


def test_all_devices_count():
    """The widest spread of one device and the nearest mistake of another decide together; other dtypes do not."""
    rows = [
        ROW,
        replace(ROW, device="cuda", spread=1.1e-6, nearest=2.5e-4),
        replace(ROW, dtype="float64", spread=1e-3, nearest=1e-3),
    ]
    assert tolerance("float32", rows) == 2e-5
    rows[0] = replace(ROW, nearest=1.5e-4, closest="wrong/near")
    with pytest.raises(ToleranceError, match=r"right/plain \(1.1e-06 off on cuda\).*wrong/near \(1.5e-04 off on cpu\)"):
        tolerance("float32", rows)


def test_nothing_measured_is_the_course_s_value():
    """An exercise judged by properties has no figures."""
    assert tolerance("float64", []) == 1e-9
    assert tolerance("float32", []) == 1e-5


@pytest.mark.parametrize(
    ("dtype", "spread", "bound"),
    [
        ("float64", 5.6e-15, 3e-14),
        ("float64", 2e-15, 1e-14),
        ("float64", 0.0, 2e-15),
        ("float32", 7.4e-7, 4e-6),
        ("float32", 7.7e-8, 6e-7),
    ],
)
def test_what_is_stated_of_correct_programs(dtype, spread, bound):
    """Five times what was measured, epsilon at least, rounded up to one digit."""
    row = replace(ROW, dtype=dtype, spread=spread)
    assert at_most(row) == bound
    assert bound >= 4.99 * max(spread, EPSILON[dtype])
    assert stated([row], dtype, "cpu") == bound
    assert stated([row], dtype, "cuda") is None


def test_rounding_never_widens_the_gap():
    """Two digits: right programs up, mistakes down."""
    row = replace(ROW, spread=1.0001e-7, nearest=3.999e-4, known=2.19e-5).rounded()
    assert (row.spread, row.nearest, row.known) == (1.1e-7, 3.9e-4, 2.1e-5)
    assert replace(ROW, nearest=math.inf, known=None).rounded().nearest == math.inf
    assert [digits(value, 1) for value in (0.0683, 0.996, 24.2, 3.14e17)] == [0.07, 1.0, 20.0, 3e17]


def test_figures_are_read_as_they_were_written():
    """Infinity and what is absent survive; every row is a line."""
    rows = (
        ROW,
        replace(ROW, nearest=math.inf, closest="", known=math.inf),
        replace(ROW, known=None, known_as="", left=None),
    )
    assert load(dump(rows)) == rows
    assert len(dump(rows).splitlines()) == len(rows) + 2


# --- the figures of the course ----------------------------------------------------------------------------------------


def test_every_exercise_judged_by_numbers_is_measured():
    """Both dtypes on the CPU, once each, and nothing of an exercise that is not there."""
    found = [(row.exercise, row.dtype) for row in cards.measured() if row.device == "cpu"]
    assert found == [(exercise.name, dtype) for exercise in BY_NUMBERS for dtype in ("float64", "float32")]
    assert {row.exercise for row in cards.measured()} == {exercise.name for exercise in BY_NUMBERS}
    assert all(row.widest and row.closest for row in cards.measured())


@pytest.mark.parametrize("exercise", BY_NUMBERS, ids=lambda exercise: exercise.name)
def test_tolerances_have_room(exercise):
    """Each tolerance in use lies ten times from correct programs and from mistakes, and is the rule's."""
    assert {row.dtype for row in exercise.measured} == {"float64", "float32"}
    for row in exercise.measured:
        tau = exercise.tau if row.dtype == "float64" else exercise.tau32
        assert tau == tolerance(row.dtype, exercise.measured)
        assert min(margins(tau, row.spread, row.nearest)) >= MARGIN
        assert at_most(row) < tau


def test_float32_states_what_it_leaves_to_float64():
    """Every float32 row says which known mistake comes nearest; what it does not tell with a margin is counted."""
    for row in cards.measured():
        assert (row.known is None) == (row.left is None) == (row.dtype == "float64")
    single = [row for row in cards.measured() if row.dtype == "float32"]
    assert all(row.known > at_most(row) for row in single)
    near = [row for row in single if row.known < MARGIN * cards.find(row.exercise).exercise(row.exercise).tau32]
    assert "catalogue/weight-decay-left-on" in {row.known_as for row in near}
    assert all(row.left for row in near)


def test_the_numbers_used_for_grading():
    """The course's tolerances everywhere; only the sweep's last losses, each scaled by itself, need their own."""
    taus = {exercise.name: (exercise.tau, exercise.tau32) for card in cards.load_all() for exercise in card.exercises}
    assert taus.pop("learning_rate_sweep") == (1e-9, 2e-5)
    assert set(taus.values()) == {(COURSE["float64"], COURSE["float32"])}


def test_no_card_types_a_tolerance():
    """Tolerances come from the figures alone."""
    for slug in cards.SLUGS:
        assert "tau" not in (Path(cards.__file__).parent / f"{slug}.py").read_text(encoding="utf-8")


def test_figures_without_room_stop_the_card(monkeypatch):
    """A card whose figures leave no room is not used, and the pair is named."""
    rows = tuple(replace(row, nearest=row.spread) if row.exercise == "mse" else row for row in cards.measured())
    monkeypatch.setattr(cards, "measured", lambda: rows)
    with pytest.raises(ToleranceError, match="mse: no tolerance in float64"):
        cards.load.__wrapped__("ps1_model_and_loss")
    assert cards.load.__wrapped__("ps2_gradients_and_updates").points == 8


def test_the_figures_ship_with_the_cards():
    """The wheel holds the file, and kept keys depend on it."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert cards.MEASURED.name in tools["package-data"]["graders.cards"]
    assert cards.MEASURED.relative_to(ROOT).as_posix() in kept_keys.SOURCES
