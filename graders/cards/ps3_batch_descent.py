"""ps3: batch gradient descent, one update per epoch on all data, and a plot of the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders.cards.data import (
    B0,
    LR,
    W0,
    curvature,
    drawn_line,
    drawn_start,
    public_line,
    scalar,
    tutorial_line,
)
from graders.engine.card import Card, Case, Exercise, Quantity
from graders.engine.figures import losses_plot

if TYPE_CHECKING:
    import random

    import numpy as np
    from numpy.typing import NDArray

    from graders.engine.card import Value

PATH = (
    Quantity("w", "path", "parameters", "w", "path"),
    Quantity("b", "path", "parameters", "b", "path"),
)
HISTORY = (*PATH, Quantity("loss", "trajectory", "loss", "loss"))
HISTORY_ASPECTS = {"parameters": 0.55, "loss": 0.3, "arguments": 0.05, "hints": 0.1}
CLOSE = (1.765625, -0.6220703125)  # no gradient is clipped here, where steps of one length go wrong; no error is 0


def batch_arguments(
    data: tuple[NDArray[np.float64], NDArray[np.float64]],
    start: tuple[float, float],
    lr: float,
    epochs: int,
) -> dict[str, Value]:
    """Arguments of ``train_batch`` in the order of the contract."""
    x, y = data
    w0, b0 = start
    return {"x": x, "y": y, "w0": scalar(w0), "b0": scalar(b0), "lr": lr, "epochs": epochs}


def train_batch_public() -> list[Case]:
    """The separating set, three points, the tutorial's table, and the edges of the contract."""
    start = (W0, B0)
    three = batch_arguments(public_line(3), start, 0.0625, 3)
    return [
        Case("three_points", "three points, lr 0.0625, 3 updates", three),
        Case(
            "off_centre",
            "23 points, lr 0.125, 6 updates",
            batch_arguments(public_line(23), start, LR, 6),
        ),
        Case(
            "tutorials_table",
            "the tutorial's data, w0 -10, b0 -20, lr 0.1, 20 updates",
            batch_arguments(tutorial_line(), (-10.0, -20.0), 0.1, 20),
        ),
        Case(
            "no_epochs",
            "epochs=0",
            batch_arguments(public_line(5), start, LR, 0),
            trivial=True,
        ),
        Case("one_point", "one point", batch_arguments(public_line(1), start, LR, 3), trivial=True),
        Case(
            "second_call",
            "22 points from a start close to their line, after a call with three points",
            batch_arguments(public_line(22), CLOSE, LR, 4),
            stable=False,
            earlier=three,
        ),
    ]


def train_batch_hidden(rng: random.Random) -> list[Case]:
    """Draw a stable run, a diverging one (every value finite), one epoch, one point, and a second call."""
    cases = []
    data = drawn_line(rng, rng.randint(9, 17))
    rate = rng.uniform(0.5, 0.9) / curvature(data[0])
    stable = batch_arguments(data, drawn_start(rng), rate, rng.randint(6, 9))
    cases.append(Case("hidden_stable", "a drawn stable run", stable))
    data = drawn_line(rng, rng.randint(18, 26))
    rate = rng.uniform(2.6, 3.2) / curvature(data[0])
    cases.append(
        Case(
            "hidden_diverging",
            "a drawn run above the largest stable rate",
            batch_arguments(data, drawn_start(rng), rate, rng.randint(10, 13)),
            stable=False,
        )
    )
    data = drawn_line(rng, 1)
    cases.append(
        Case(
            "hidden_one_point",
            "one drawn point",
            batch_arguments(data, drawn_start(rng), rng.uniform(0.1, 0.2), rng.randint(2, 4)),
            trivial=True,
            stable=False,
        )
    )
    data = drawn_line(rng, rng.randint(4, 8))
    rate = rng.uniform(0.4, 0.8) / curvature(data[0])
    cases.append(
        Case(
            "hidden_second_call",
            "a second call with other sizes",
            batch_arguments(data, drawn_start(rng), rate, rng.randint(3, 5)),
            earlier=stable,
        )
    )
    return cases


def plot_losses_public() -> list[Case]:
    """One curve, and two of different lengths."""
    falling = [8.0, 4.5, 2.5, 1.5, 1.25]
    return [
        Case("one_curve", "one entry of 5 losses", {"losses": {"batch": falling}}, stable=False),
        Case(
            "two_curves",
            "two entries of 5 and 3 losses",
            {"losses": {"lr 0.1": falling, "lr 0.01": [8.0, 7.5, 7.25]}},
            stable=False,
        ),
    ]


def plot_losses_hidden(rng: random.Random) -> list[Case]:
    """Draw three curves under other names."""
    losses = {
        f"run {name}": [rng.uniform(5, 9) * 0.7**epoch for epoch in range(rng.randint(4, 9))]
        for name in rng.sample("ABCDEFG", 3)
    }
    other = {f"second {name}": [rng.uniform(2, 4) * 0.8**epoch for epoch in range(5)] for name in "PQ"}
    return [
        Case("hidden_curves", "three drawn entries", {"losses": losses}, stable=False),
        Case(
            "hidden_second_call",
            "a second call with other entries",
            {"losses": other},
            stable=False,
            earlier={"losses": losses},
        ),
    ]


CARD = Card(
    slug="ps3_batch_descent",
    title="Batch gradient descent",
    topics={
        "forward": "One update per epoch",
        "loss": "One update per epoch",
        "gradient": "A fresh gradient every time",
        "update": "One update per epoch",
        "recording": "What a history records",
        "tensors": "Tensors in a loop",
        "contract": "What every function keeps to",
    },
    exercises=(
        Exercise(
            name="train_batch",
            points=6.0,
            section="Exercise 1 · train_batch",
            signature=(
                "def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History"
            ),
            probe="history",
            aspects=HISTORY_ASPECTS,
            quantities=HISTORY,
            public=train_batch_public,
            hidden=train_batch_hidden,
        ),
        Exercise(
            name="plot_losses",
            points=2.0,
            section="Exercise 2 · plot_losses",
            signature="def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure",
            probe="figure",
            aspects={"lines": 0.65, "labels": 0.25, "hints": 0.1},
            quantities=(),
            public=plot_losses_public,
            hidden=plot_losses_hidden,
            check=losses_plot,
        ),
    ),
)
