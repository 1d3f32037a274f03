"""Asking again with another argument: the other value is one that a program that reads it cannot miss."""

from __future__ import annotations

import numpy as np
import pytest

from graders.engine.ignored import _visited_otherwise


@pytest.mark.parametrize("order", [[0, 1], [1, 0], [0, 1, 2], [2, 0, 1], [4, 0, 6, 2, 5, 1, 3]])
def test_the_other_order_is_another_one(order):
    """From two samples on, the same samples are visited in an order that differs."""
    other = _visited_otherwise(np.array(order))
    assert sorted(other.tolist()) == sorted(order)
    assert other.tolist() != order
