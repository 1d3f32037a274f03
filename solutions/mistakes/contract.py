"""Slips against the contract that show in the numbers: arguments ignored, state left between calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solutions.mistakes.slips import Slip, prepared, stages

if TYPE_CHECKING:
    from solutions.mistakes.machine import Setup
    from solutions.mistakes.slips import Change


def given(**constants: float) -> Change:
    """Use constants where arguments should be."""
    return prepared(lambda setup: replace(setup, **constants))  # type: ignore[arg-type]


def epochs(count: int) -> Change:
    """Run for a fixed number of epochs."""

    def change(setup: Setup) -> Setup:
        order = np.arange(len(setup.y))
        return replace(setup, orders=(order,) * count)

    return prepared(change)


PARAMETERS = (
    Slip("ignores-an-argument", given(w=0.0, b=0.0)),
    Slip("ignores-an-argument", given(w=-10.0, b=-20.0)),
    Slip("ignores-an-argument", given(w=-15.0, b=-10.0)),
    Slip("ignores-an-argument", given(w=1.0, b=1.0)),
    Slip("ignores-an-argument", given(w=1.0, b=0.0)),
    *(Slip("ignores-an-argument", given(w=value)) for value in (0.0, 1.0, -10.0, -15.0)),
    *(Slip("ignores-an-argument", given(b=value)) for value in (0.0, 1.0, -20.0, -10.0)),
)
RATES = (
    Slip("ignores-an-argument", given(lr=0.1), pairs=True),
    Slip("ignores-an-argument", given(lr=0.01)),
    *(
        Slip("ignores-an-argument", given(lr=value))
        for value in (1e-4, 1e-3, 0.02, 0.03, 0.05, 0.2, 0.25, 0.3, 0.5, 1.0)
    ),
)
EPOCHS = tuple(
    Slip("ignores-an-argument", epochs(count)) for count in (1, 2, 3, 4, 5, 7, 8, 10, 15, 20, 25, 30, 50, 100)
)
SIZES = tuple(
    Slip("ignores-an-argument", given(size=count)) for count in (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32, 64, 100, 128)
)
LEFT = (
    Slip("state-left-between-calls", stages(carry="lists"), pairs=True),
    Slip("state-left-between-calls", stages(carry="parameters")),
    Slip("state-left-between-calls", stages(carry="losses")),
    Slip("state-left-between-calls", stages(carry="answer")),
)
