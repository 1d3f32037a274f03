"""Compare: the whole trajectory, in the order of time, scaled by the running maximum of the reference."""

from __future__ import annotations

import numpy as np
import pytest

from graders.cards.ps3_batch_descent import HISTORY
from graders.engine.card import Quantity
from graders.engine.compare import compare, reproduces

W = [0.25, 1.0, 0.5, 0.001]
B = [-0.875, 2.0, -4.0, -4.5]
LOSS = [9.0, 1.0, 1e-3]


def history(w=W, b=B, loss=LOSS):
    return {"w": np.array(w), "b": np.array(b), "loss": np.array(loss)}


def right(values, tau=1e-9, quantities=HISTORY, expected=None):
    return [comparison.right for comparison in compare(quantities, expected or history(), values, tau)]


def test_equal_is_right():
    """The reference agrees with itself."""
    assert right(history()) == [True, True, True]


def test_scale_is_the_running_maximum_of_the_path_jointly():
    """A small w is judged at the size the path has had, in w or b, so far; never at a size it has later."""
    assert right(history(w=[0.25, 1.0, 0.5, 0.001 + 4.4e-9])) == [True, True, True]
    assert right(history(w=[0.25, 1.0, 0.5, 0.001 + 4.6e-9])) == [False, True, True]
    assert right(history(w=[0.25 + 1e-9, 1.0, 0.5, 0.001])) == [False, True, True]


def test_the_loss_has_its_own_scale():
    """The loss is scaled by its own running maximum, not by the path."""
    assert right(history(loss=[9.0, 1.0, 1e-3 + 8.9e-9])) == [True, True, True]
    assert right(history(loss=[9.0 + 1e-8, 1.0, 1e-3])) == [True, True, False]


def test_the_first_difference_is_the_first_in_time():
    """Step, yours and expected belong to the first entry that is off, not to the worst."""
    comparison = compare(HISTORY, history(), history(w=[0.25, 1.5, 99.0, 99.0]), 1e-9)[0]
    assert (comparison.step, comparison.yours, comparison.expected) == (1, 1.5, 1.0)
    assert comparison.deviation == pytest.approx(98.5 / 4)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_not_a_number_is_never_right(bad):
    """NaN and infinities differ from every finite number, and are named."""
    comparison = compare(HISTORY, history(), history(w=[0.25, bad, 0.5, 0.001]), 1e-9)[0]
    assert not comparison.right
    assert comparison.step == 1
    assert str(bad) in comparison.problem


def test_expected_infinity_is_met_by_infinity_only():
    """A sweep's overflow is inf, and the number however large is not."""
    quantities = (Quantity("value", "numbers", "losses", "the losses"),)
    expected = {"value": np.array([1.0, np.inf])}
    assert compare(quantities, expected, {"value": np.array([1.0, np.inf])}, 1e-9)[0].right
    assert not compare(quantities, expected, {"value": np.array([1.0, 1e300])}, 1e-9)[0].right
    assert not compare(quantities, expected, {"value": np.array([1.5, np.inf])}, 1e-9)[0].right


def test_length_goes_before_values():
    """A missing entry is said with both lengths, and the first difference within what is there is kept."""
    comparison = compare(HISTORY, history(), history(w=[0.25, 1.5, 0.5]), 1e-9)[0]
    assert comparison.problem == "w holds 3 entries, expected 4"
    assert comparison.step == 1


def test_shape_goes_before_values_and_nothing_broadcasts():
    """(3, 1) against (3,) has a sentence and the id wrong-shape where the numbers are the same."""
    quantities = (Quantity("value", "numbers", "predictions", "the predictions"),)
    expected = {"value": np.array([[1.0], [2.0], [3.0]])}
    comparison = compare(quantities, expected, {"value": np.array([1.0, 2.0, 3.0])}, 1e-9)[0]
    assert not comparison.right
    assert comparison.mistake == "wrong-shape"
    assert comparison.problem == "the predictions has shape (3,), expected shape (3, 1)"
    other = compare(quantities, expected, {"value": np.array([1.0, 2.0, 4.0])}, 1e-9)[0]
    assert other.mistake == ""


def test_missing_and_wrong_kinds_are_said():
    """A missing field, text and None are no numbers."""
    values = {"w": np.array(W), "b": "text"}
    problems = [comparison.problem for comparison in compare(HISTORY, history(), values, 1e-9)]
    assert problems == ["", "b holds no numbers", "loss is missing from what you return"]


def test_a_pair_is_scaled_by_its_largest_element():
    """dw and db are judged jointly: a db near zero beside a large dw has the size of dw."""
    pair = (Quantity("dw", "numbers", "g", "dL/dw", "g"), Quantity("db", "numbers", "g", "dL/db", "g"))
    expected = {"dw": np.array(-24.0), "db": np.array(1e-12)}
    assert right({"dw": np.array(-24.0), "db": np.array(2e-9)}, quantities=pair, expected=expected) == [True, True]
    assert right({"dw": np.array(-24.0), "db": np.array(3e-8)}, quantities=pair, expected=expected) == [True, False]


def test_zero_scale_counts_as_one():
    """Where the reference is 0 so far, the tolerance is absolute."""
    quantities = (Quantity("value", "numbers", "v", "v"),)
    expected = {"value": np.zeros(3)}
    assert compare(quantities, expected, {"value": np.full(3, 9e-10)}, 1e-9)[0].right
    assert not compare(quantities, expected, {"value": np.full(3, 2e-9)}, 1e-9)[0].right


def test_exact_values_need_the_same_type():
    """True is not 1 and "None" is not None."""
    quantities = (Quantity("returned", "exact", "in place", "what update returns"),)
    assert compare(quantities, {"returned": "None"}, {"returned": "None"}, 1e-9)[0].right
    assert not compare(quantities, {"returned": True}, {"returned": 1}, 1e-9)[0].right
    assert not compare(quantities, {"returned": "None"}, {"returned": None}, 1e-9)[0].right


def test_labels_are_compared_one_by_one():
    """w@8 and w@4 belong to runs of their own, each with its own scale."""
    expected = {
        "w@8": np.array([1.0, 1e6]),
        "b@8": np.array([1.0, 1.0]),
        "w@4": np.array([1.0, 2.0]),
        "b@4": np.zeros(2),
    }
    values = {**expected, "w@4": np.array([1.0, 2.0 + 1e-6])}
    found = {comparison.name: comparison.right for comparison in compare(HISTORY, expected, values, 1e-9)}
    assert found == {"w@8": True, "w@4": False, "b@8": True, "b@4": True}


def test_reproduces_ignores_what_comes_after_an_overflow():
    """Two programs that overflow at the same entry did the same, whatever inf and nan follow."""
    mistake = history(w=[1.0, 1e200, np.inf, np.nan])
    mine = history(w=[1.0, 1e200, np.inf, np.inf])
    assert reproduces(HISTORY, mistake, mine, 1e-9) == 0.0
    early = history(w=[np.inf, np.inf, np.inf, np.inf])
    assert reproduces(HISTORY, mistake, early, 1e-9) is None


def test_reproduces_takes_what_rounding_left_as_nothing():
    """A loss of 1e-16 beside one of 1e-3 is the square of rounding: its digits tell nothing, its size does."""
    quantities = (Quantity("value", "each", "losses", "the losses"),)
    mistake = {"value": np.array([8.2e-16, 3e-3])}
    assert reproduces(quantities, mistake, {"value": np.array([8.21e-16, 3e-3])}, 1e-9) is not None
    assert reproduces(quantities, mistake, {"value": np.array([8.2e-9, 3e-3])}, 1e-9) is None
    assert not compare(quantities, mistake, {"value": np.array([8.21e-16, 3e-3])}, 1e-9)[0].right


def test_reproduces_needs_every_quantity():
    """The same path with another loss is another mistake."""
    assert reproduces(HISTORY, history(), history(loss=[9.0, 1.0, 2e-3]), 1e-9) is None
    assert reproduces(HISTORY, history(), history(loss=[9.0, 1.0]), 1e-9) is None
