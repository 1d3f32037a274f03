"""The record of one training run."""

from __future__ import annotations

from typing import NamedTuple


class History(NamedTuple):
    """The whole trajectory of one training run, as plain Python floats.

    ``w[t]`` and ``b[t]`` are the parameters after ``t`` updates: entry 0 is the start, so ``T`` updates
    give ``T + 1`` entries. What ``loss`` holds differs from exercise to exercise; each docstring says it.
    """

    w: list[float]
    b: list[float]
    loss: list[float]
