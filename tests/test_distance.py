"""How far off an answer is, in words: at every level, for every kind of quantity, and what hidden cases keep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graders import cards
from graders.engine.card import Case, Quantity
from graders.engine.compare import compare
from graders.engine.distance import sentence_of_distance
from graders.engine.facts import earliest
from graders.engine.judge import judge_exercise
from graders.engine.judged import Judged
from graders.engine.key import CaseKey
from graders.engine.observation import Observation
from graders.engine.tolerance import Measured
from graders.engine.worker.answer import answer
from graders.frontends.html import report_html
from graders.frontends.text import report_text
from graders.keys import all_keys, reference

W, B = (Quantity(name, "path", "parameters", name, together="wb") for name in "wb")
LOSS = Quantity("loss", "trajectory", "loss", "loss")
MEASURED = (
    Measured("train_batch", "float64", "cpu", 5.6e-15, "right/a", 2e-7, "wrong/b"),
    Measured("train_batch", "float32", "cpu", 2.1e-7, "right/a", 4e-4, "half precision inside"),
)
BOUND = "; correct programs differ by at most 3e-14."


def said(quantities, expected, yours, *, hidden=False, dtype="float64", device="cpu", measured=MEASURED):
    """The sentence for one answer to one case."""
    expected = {name: np.asarray(value, dtype=float) for name, value in expected.items()}
    yours = {name: np.asarray(value, dtype=float) for name, value in yours.items()}
    comparisons = tuple(compare(quantities, expected, yours, 1e-9))
    key = CaseKey(Case("one", "one case", {}), hidden, expected)
    shown = Judged(key, dtype, device, Observation("returned", values=yours), comparisons, (), (), 1e-9)
    difference = earliest(comparisons)
    return "" if difference is None else sentence_of_distance(shown, difference, measured)


def test_a_path_is_relative_to_the_largest_so_far():
    """The first difference counts, scaled by w and b jointly up to there; what comes later does not."""
    expected = {"w": [0.5, 1.0, 8.0], "b": [-4.0, 2.0, 1.0]}
    yours = {"w": [0.5, 1.28, 900.0], "b": [-4.0, 2.0, -700.0]}
    assert said((W, B), expected, yours) == (
        "At the first difference you are 0.07 off (relative to the largest expected value so far)" + BOUND
    )


def test_a_loss_is_relative_to_itself():
    """A trajectory of its own has its own scale."""
    assert said((LOSS,), {"loss": [20.0, 4.0]}, {"loss": [20.0, 4.08]}) == (
        "At the first difference you are 0.004 off (relative to the largest expected value so far)" + BOUND
    )


@pytest.mark.parametrize(
    ("kind", "together", "expected", "yours", "words"),
    [
        ("numbers", "", 4.0, 2.0, "You are 0.5 off (relative to the expected value)"),
        ("numbers", "pair", 4.0, 2.0, "You are 0.5 off (relative to the largest expected value)"),
        ("numbers", "", [4.0, 1.0], [4.0, 2.0], "At the first difference you are 0.2 off (relative to the largest"),
        ("each", "", [4.0, 0.5], [4.0, 1.0], "At the first difference you are 1 off (relative to the expected value)"),
        ("numbers", "", 2.0, 50.0, "You are 20 off (relative to the expected value)"),
        ("numbers", "", 1e-3, 3.14e14, "You are 3e+17 off (relative to the expected value)"),
        ("numbers", "", 0.0, 0.03, "You are 0.03 off; correct"),
        ("numbers", "", 1.0, 1.0000005, "You are 5e-07 off; correct"),
    ],
)
def test_other_results(kind, together, expected, yours, words):
    """One digit, the scale the judge used, and no scale where it is 1 or there is none."""
    quantity = Quantity("value", kind, "values", "the values", together=together)
    assert said((quantity,), {"value": expected}, {"value": yours}).startswith(words)


@pytest.mark.parametrize(
    "yours",
    [[20.0, np.nan], [20.0, np.inf], [20.0], [20.0, 4.0, 1.0], [[20.0], [4.0]], [20.0, 4.0 + 1e-12]],
    ids=["nan", "infinite", "short", "long", "shape", "right"],
)
def test_nothing_is_said_where_nothing_can_be_subtracted(yours):
    """Not a number, another shape, another length, or no difference at all."""
    assert said((LOSS,), {"loss": [20.0, 4.0]}, {"loss": yours}) == ""


def test_nothing_is_said_where_infinity_is_expected():
    """A finite number for an overflow is infinitely far off."""
    quantity = Quantity("value", "each", "values", "the values")
    assert said((quantity,), {"value": [2.0, np.inf]}, {"value": [2.0, 5.0]}) == ""


def test_plain_values_are_no_distance():
    """What is equal or not has no deviation."""
    quantity = Quantity("length", "exact", "values", "the length")
    assert said((quantity,), {"length": 3}, {"length": 4}) == ""


def test_what_was_not_measured_is_not_stated():
    """The other dtype has its own bound; a device without figures, or no figures at all, has none."""
    given = (LOSS,), {"loss": [20.0, 4.0]}, {"loss": [20.0, 4.08]}
    assert said(*given, dtype="float32").endswith("; correct programs differ by at most 2e-06.")
    for change in ({"dtype": "float32", "device": "cuda"}, {"measured": ()}):
        assert said(*given, **change).endswith("(relative to the largest expected value so far).")


@pytest.mark.parametrize(
    ("off", "words"),
    [(2.1e-9, "1e-09"), (0.00999, "0.001"), (0.07, "0.01"), (0.5, "0.1"), (3.0, "1"), (1e200, "1")],
)
def test_a_hidden_case_shows_a_power_of_ten_at_most(off, words):
    """No program can send a number through its deviation: ten different values come through."""
    sentence = said((LOSS,), {"loss": [20.0, 4.0]}, {"loss": [20.0, 4.0 + 20 * off]}, hidden=True)
    assert sentence.startswith(f"At the first difference you are at least {words} off (")
    assert sentence.endswith(BOUND)


# --- in a report ------------------------------------------------------------------------------------------------------

SLUG, NAME = "ps3_batch_descent", "train_batch"
CARD = cards.load(SLUG)
KEY = all_keys(SLUG, 7)[NAME]
EXERCISE = replace(CARD.exercise(NAME), measured=MEASURED)
PUBLIC = {id(case.case.arguments) for case in KEY.cases if not case.hidden}


def verdict(feedback="numbers", change=lambda w: w[1:].__imul__(1.25), where=lambda question: True):
    """The verdict on answers whose w is changed in place, where that is asked for."""

    def ask(question, seconds):
        right = answer(reference(SLUG), question)
        if question.probe == "signature" or not where(question):
            return right
        w = right.values["w"].copy()
        change(w)
        return Observation("returned", values={**right.values, "w": w}, after=right.after)

    return judge_exercise(CARD, EXERCISE, KEY, ask, feedback=feedback)


@pytest.mark.parametrize("feedback", ["hint", "numbers"])
def test_every_report_shows_it(feedback):
    """Terminal, feedback page and notebook hold the sentence, whether numbers are shown or not."""
    found = verdict(feedback)
    assert found.report.off.startswith("At the first difference you are 0.")
    assert found.report.off.endswith(BOUND)
    assert found.report.off in " ".join(report_text(found).split())
    for rich in (False, True):
        assert f'<div class="descentlab-says">{found.report.off}</div>' in report_html(found, rich=rich)


def test_symptoms_alone_hold_no_distance():
    """The level that shows symptoms only shows no size."""
    found = verdict("symptom")
    assert found.report.off == ""
    assert "correct programs" not in report_text(found)


def test_a_hidden_case_is_said_by_its_power_of_ten():
    """Wrong on hidden cases only: the size, and no digit more."""
    report = verdict(where=lambda question: id(question.arguments) not in PUBLIC).report
    assert "a hidden case" in report.heading
    size = report.off.removeprefix("At the first difference you are at least ").split()[0]
    assert size in {"1", "0.1", "0.01", "0.001"}
    assert report.rows == ()


def test_a_hidden_ratio_is_said_only_where_it_tells():
    """A ratio of its own would carry an expected number; twice, half, the wrong direction and zero do not."""

    def stretched(factor):
        def change(values):
            values[1:] = values[0] + factor * (values[1:] - values[0])

        def ask(question, seconds):
            right = answer(reference(SLUG), question)
            if question.probe == "signature" or id(question.arguments) in PUBLIC:
                return right
            values = {name: value.copy() for name, value in right.values.items()}
            change(values["w"])
            change(values["b"])
            return Observation("returned", values=values, after=right.after)

        report = judge_exercise(CARD, EXERCISE, replace(KEY, mistakes=(), pairs=tuple), ask).report
        return " ".join(report.says)

    assert "Your first change of w and b is" not in stretched(1.2345678)
    assert "Your first change of w and b is half of what it should be." in stretched(0.5)


def test_an_exercise_without_numbers_has_no_distance():
    """Raised errors and missing answers say nothing of a size."""

    def ask(question, seconds):
        right = answer(reference(SLUG), question)
        return right if question.probe == "signature" else Observation("timed-out")

    assert judge_exercise(CARD, EXERCISE, KEY, ask).report.off == ""
