"""Points by aspects, and the file format of public keys."""

from __future__ import annotations

import json

import numpy as np
import pytest

from graders import cards
from graders.engine.compare import compare
from graders.engine.judged import Judged
from graders.engine.key import DamagedKeyError, dump, load, plain, unplain
from graders.engine.marks import award
from graders.engine.observation import Observation
from graders.keys import hidden_keys, public_keys

EXERCISE = cards.load("ps3_batch_descent").exercise("train_batch")
KEY = public_keys("ps3_batch_descent")["train_batch"]


def judged(change, cases=KEY.cases, changed=()):
    found = []
    for case in cases:
        values = change(dict(case.expected))
        observation = Observation("returned", values=values)
        comparisons = tuple(compare(EXERCISE.quantities, case.expected, values, 1e-9))
        found.append(Judged(case, "float64", "cpu", observation, comparisons, (), changed, 1e-9))
    return found


def test_everything_right_is_full():
    """All aspects on all cases give the points of the exercise, exactly."""
    marks = award(EXERCISE, judged(lambda values: values), hints_right=True)
    assert (marks.score, marks.full) == (6.0, True)


def test_loss_wrong_costs_the_share_of_the_loss():
    """A wrong loss beside a right path costs the loss's share on the cases that have a loss."""
    marks = award(EXERCISE, judged(lambda values: {**values, "loss": values["loss"] + 1}), hints_right=True)
    assert marks.score == pytest.approx(6 * (0.55 + 0.05 + 0.10 + 0.3 / len(KEY.cases)))  # epochs=0 has an empty loss
    assert not marks.full


def test_form_alone_earns_nothing():
    """Hints and untouched arguments earn nothing where every telling number is wrong."""
    wrong = judged(lambda values: {name: value + 1 for name, value in values.items()})
    assert award(EXERCISE, wrong, hints_right=True).score == 0.0
    trivial = [case for case in KEY.cases if case.case.trivial]
    right_on_trivial = judged(lambda values: values, trivial) + judged(
        lambda values: {name: value + 1 for name, value in values.items()},
        [case for case in KEY.cases if not case.case.trivial],
    )
    assert award(EXERCISE, right_on_trivial, hints_right=True).score == 0.0


def test_changed_arguments_cost_points_even_when_numbers_are_right():
    """Arguments are an aspect of their own."""
    marks = award(EXERCISE, judged(lambda values: values, changed=("w0",)), hints_right=True)
    assert marks.score == pytest.approx(6 * 0.95)


def test_missing_hints_cost_at_most_a_tenth():
    """A program without hints keeps nine tenths."""
    marks = award(EXERCISE, judged(lambda values: values), hints_right=False)
    assert marks.score == pytest.approx(5.4)


def test_a_key_survives_its_file():
    """What is dumped is what is loaded, to the last bit."""
    again = load(dump([KEY]))["train_batch"]
    assert dump([again]) == dump([KEY])
    for one, other in zip(again.cases, KEY.cases, strict=True):
        assert one.case.name == other.case.name
        for name, value in other.expected.items():
            np.testing.assert_array_equal(one.expected[name], value)


def test_plain_values_survive():
    """Nested values with arrays, numbers as keys, and None."""
    value = {"a": [np.arange(3), None, {"b": True}], 8: np.array(1.5), "s": np.array([True, False])}
    again = unplain(json.loads(json.dumps(plain(value))))
    assert list(again) == ["a", 8, "s"]
    np.testing.assert_array_equal(again["a"][0], np.arange(3))
    assert again["a"][0].dtype == np.int64
    assert again[8].shape == ()
    assert again["s"].dtype == np.bool_


def test_hidden_cases_never_reach_a_file():
    """Dumping a hidden key is refused by name."""
    with pytest.raises(ValueError, match="train_batch holds a hidden case"):
        dump([hidden_keys("ps3_batch_descent", 7)["train_batch"]])


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema": "descentlab-key/1"}', "[" * 100_000])
def test_damaged_key_files_get_a_sentence(text):
    """Whatever stands in the file, the message says what to do."""
    with pytest.raises(DamagedKeyError, match="fetch the assignment's folder again"):
        load(text)


def test_a_key_of_another_version_is_named():
    """A file of a later form says so."""
    with pytest.raises(DamagedKeyError, match="descentlab-key/9"):
        load('{"schema": "descentlab-key/9", "keys": []}')
