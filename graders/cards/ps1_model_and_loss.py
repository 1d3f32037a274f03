"""ps1: a line with noise, the model ``w x + b``, the mean squared error, a picture of the fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graders.cards.data import B0, W0, column, drawn_line, drawn_start, public_line, scalar
from graders.engine.card import Card, Case, Exercise, Quantity
from graders.engine.figures import fit_plot

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray


def _line_case(name: str, sentence: str, n: int, slope: float, intercept: float) -> Case:
    x, _ = public_line(n)
    noise = column(((5 * np.arange(n) % 7) - 2) / 16)
    arguments = {"x": x, "slope": slope, "intercept": intercept, "noise": noise}
    return Case(name, sentence, arguments, trivial=n == 1)


def make_line_public() -> list[Case]:
    """Two noisy lines, a single point, and a second call."""
    first = _line_case("seven_points", "seven points, slope 1.75, intercept -0.625", 7, 1.75, -0.625)
    again = _line_case("second_call", "nine points, after a call with seven", 9, 0.5, 1.25)
    return [
        first,
        _line_case("falling_line", "five points, slope -3, intercept 2", 5, -3.0, 2.0),
        _line_case("one_point", "one point", 1, 0.5, 0.25),
        replace(again, earlier=first.arguments),
    ]


def make_line_hidden(rng: random.Random) -> list[Case]:
    """Draw two lines of other lengths; the second is a second call in the same process."""
    cases: list[Case] = []
    for name, n in (("other_line", rng.randint(6, 12)), ("second_call", rng.randint(13, 20))):
        x, y = drawn_line(rng, n)
        slope, intercept = drawn_start(rng)
        arguments = {"x": x, "slope": slope, "intercept": intercept, "noise": y / 4}
        earlier = cases[0].arguments if cases else None
        cases.append(Case(f"hidden_{name}", f"{n} points", arguments, earlier=earlier))
    return cases


def _forward_case(name: str, sentence: str, x: NDArray[np.float64], w: float, b: float, **more: object) -> Case:
    weights = column(((3 * np.arange(len(x)) % 5) - 1) / 4 + 0.125)
    arguments = {"x": x, "w": scalar(w), "b": scalar(b)}
    return Case(name, sentence, arguments, trivial=len(x) == 1, options={"weights": weights}, **more)  # type: ignore[arg-type]


def forward_public() -> list[Case]:
    """The separating set, another line, a single point, and a second call."""
    first = _forward_case("seven_points", "seven points, w 0.25, b -0.875", public_line(7)[0], W0, B0)
    again = _forward_case("second_call", "nine points, after a call with seven", public_line(9)[0], 1.5, 0.75)
    return [
        first,
        _forward_case("falling_line", "four points, w -1.5, b 0.5", public_line(4)[0], -1.5, 0.5),
        _forward_case("one_point", "one point", public_line(1)[0], 2.0, -0.5),
        replace(again, earlier=first.arguments),
    ]


def forward_hidden(rng: random.Random) -> list[Case]:
    """Draw two more, the second as a second call with other sizes."""
    first = _forward_case("hidden_line", "drawn points", drawn_line(rng, rng.randint(6, 12))[0], *drawn_start(rng))
    second = _forward_case(
        "hidden_second_call",
        "a second call with other sizes",
        drawn_line(rng, rng.randint(13, 20))[0],
        *drawn_start(rng),
        earlier=first.arguments,
    )
    return [first, second]


def _mse_case(name: str, sentence: str, y_pred: NDArray[np.float64], y: NDArray[np.float64]) -> Case:
    unequal = y_pred.shape != y.shape
    return Case(
        name,
        sentence,
        {"y_pred": y_pred, "y": y},
        trivial=unequal or y.size == 1,
        options={"unequal": True} if unequal else {},
    )


def mse_public() -> list[Case]:
    """Equal shapes ``(n, 1)``, ``(n,)``, ``(1, 1)``, and shapes that must be refused."""
    x, y = public_line(7)
    y_pred = W0 * x + B0
    return [
        _mse_case("column", "seven predictions of shape (7, 1)", y_pred, y),
        _mse_case("flat", "seven predictions of shape (7,)", y_pred.ravel(), y.ravel()),
        _mse_case("one_point", "one prediction of shape (1, 1)", y_pred[:1], y[:1]),
        _mse_case("column_against_flat", "shapes (7, 1) and (7,)", y_pred, y.ravel()),
        _mse_case("unequal_lengths", "shapes (7, 1) and (1, 1)", y_pred, y[:1]),
    ]


def mse_hidden(rng: random.Random) -> list[Case]:
    """Draw other predictions, and pairs of shapes that must be refused, with and without broadcasting."""
    x, y = drawn_line(rng, rng.randint(8, 15))
    w, b = drawn_start(rng)
    y_pred = w * x + b
    return [
        _mse_case("hidden_column", "drawn predictions of shape (n, 1)", y_pred, y),
        replace(
            _mse_case("hidden_second_call", "a second call, of shape (n - 2,)", y_pred[2:].ravel(), y[2:].ravel()),
            earlier={"y_pred": y_pred, "y": y},
        ),
        _mse_case("hidden_flat_against_column", "shapes (n,) and (n, 1)", y_pred.ravel(), y),
        _mse_case("hidden_unequal_lengths", "shapes (n, 1) and (1, 1)", y_pred, y[:1]),
        _mse_case("hidden_one_shorter", "shapes (n, 1) and (n - 1, 1)", y_pred, y[1:]),
        _mse_case("hidden_row_against_column", "shapes (1, n) and (n, 1)", y_pred.reshape(1, -1), y),
    ]


def plot_fit_public() -> list[Case]:
    """Data that are not sorted by x, so a line drawn through them in their order is seen."""
    x, y = public_line(9)
    arguments = {"x": x, "y": y, "w": scalar(1.5), "b": scalar(-0.5)}
    return [Case("nine_points", "nine points, w 1.5, b -0.5", arguments, stable=False)]


def plot_fit_hidden(rng: random.Random) -> list[Case]:
    """Draw two pictures with y and b low and high in the range of x: taken for one of its ends, they are seen."""
    return [_drawn_picture(rng, "hidden_points_low", 0.25), _drawn_picture(rng, "hidden_points_high", 0.75)]


def _drawn_picture(rng: random.Random, name: str, share: float) -> Case:
    """Draw points whose y, and b, lie this share of the way from the lowest x to the highest."""
    x, y = drawn_line(rng, rng.randint(10, 16))
    x = x + 3.0
    place = float(x.min() + share * np.ptp(x))
    w, b = drawn_start(rng)[0], place + rng.choice((-0.125, 0.125))
    y = place + 0.0625 * (y - y.mean())
    return Case(name, "drawn points", {"x": x, "y": y, "w": scalar(w), "b": scalar(b)}, stable=False)


CARD = Card(
    slug="ps1_model_and_loss",
    title="The model and the loss",
    topics={
        "forward": "The model",
        "loss": "The loss",
        "gradient": "A loss you can walk back through",
        "tensors": "Columns, not rows",
        "contract": "What every function keeps to",
    },
    exercises=(
        Exercise(
            name="make_line",
            points=1.0,
            section="Exercise 1 · make_line",
            signature="def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor",
            probe="tensor",
            aspects={"targets": 0.85, "arguments": 0.05, "hints": 0.1},
            quantities=(Quantity("value", "numbers", "targets", "the targets"),),
            public=make_line_public,
            hidden=make_line_hidden,
        ),
        Exercise(
            name="forward",
            points=2.0,
            section="Exercise 2 · forward",
            signature="def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor",
            probe="forward",
            aspects={"predictions": 0.55, "gradient": 0.3, "arguments": 0.05, "hints": 0.1},
            quantities=(
                Quantity("value", "numbers", "predictions", "the predictions"),
                Quantity("grad_w", "numbers", "gradient", "the gradient that reaches w", "gradient"),
                Quantity("grad_b", "numbers", "gradient", "the gradient that reaches b", "gradient"),
            ),
            public=forward_public,
            hidden=forward_hidden,
        ),
        Exercise(
            name="mse",
            points=3.0,
            section="Exercise 3 · mse",
            signature="def mse(y_pred: Tensor, y: Tensor) -> Tensor",
            probe="mse",
            aspects={"loss": 0.45, "gradient": 0.15, "shapes": 0.25, "arguments": 0.05, "hints": 0.1},
            quantities=(
                Quantity("value", "numbers", "loss", "the loss"),
                Quantity("grad", "numbers", "gradient", "the gradient that reaches y_pred"),
                Quantity("raised", "exact", "shapes", "what unequal shapes raise"),
            ),
            public=mse_public,
            hidden=mse_hidden,
        ),
        Exercise(
            name="plot_fit",
            points=2.0,
            section="Exercise 4 · plot_fit",
            signature="def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure",
            probe="figure",
            aspects={"markers": 0.3, "line": 0.35, "labels": 0.2, "arguments": 0.05, "hints": 0.1},
            quantities=(),
            public=plot_fit_public,
            hidden=plot_fit_hidden,
            check=fit_plot,
        ),
    ),
)
