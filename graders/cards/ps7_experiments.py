"""ps7: sweeps over batch sizes and learning rates, the map of the loss, and pictures that compare runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graders.cards.data import (
    B0,
    LR,
    W0,
    curvature,
    drawn_line,
    drawn_orders,
    drawn_start,
    public_line,
    public_orders,
)
from graders.cards.ps3_batch_descent import HISTORY, HISTORY_ASPECTS, batch_arguments
from graders.cards.ps4_stochastic_descent import sample_limit, sgd_arguments
from graders.cards.ps5_minibatch_descent import MANY, drawn_sizes
from graders.engine.card import Card, Case, Exercise, Quantity, WrittenAnswer
from graders.engine.figure_paths import paths_plot
from graders.engine.figures import comparison_plot

if TYPE_CHECKING:
    import random

    from graders.cards.data import Array
    from graders.engine.card import Value

OVERFLOWS = 2.0**60  # after a dozen updates the square of the error is beyond float64, and so beyond float32


# -- the two sweeps -----------------------------------------------------------------------------------------------


def _public_sweep(n: int, epochs: int, sizes: list[int], lr: float = LR) -> dict[str, Value]:
    run = sgd_arguments(public_line(n), (W0, B0), lr, public_orders(n, epochs))
    return {**run, "batch_sizes": sizes}


def batch_sweep_public() -> list[Case]:
    """Sizes that divide n and sizes that do not, one batch, less than one, a size of one, and no epochs."""
    return [
        Case("three_sizes", "23 points, batch sizes 7, 5 and 30, 3 epochs", _public_sweep(23, 3, [7, 5, 30])),
        Case("falling_sizes", "22 points, batch sizes 22, 11 and 8, 4 epochs", _public_sweep(22, 4, [22, 11, 8])),
        Case("size_one", "9 points, batch sizes 1 and 4, lr 0.0625", _public_sweep(9, 2, [1, 4], 0.0625)),
        Case("no_epochs", "no orders, so no epochs", _public_sweep(5, 0, [2, 3]), trivial=True),
        Case(
            "second_call",
            "17 points from another start, batch sizes 5 and 3, after a call with 23 points",
            {**sgd_arguments(public_line(17), (-1.5, 0.5), 0.09375, public_orders(17, 2)), "batch_sizes": [5, 3]},
            stable=False,
            earlier=_public_sweep(23, 3, [7, 5, 30]),
        ),
    ]


def drawn_sweep(rng: random.Random, epochs: int, least: int = 13) -> dict[str, Value]:
    """Draw a stable sweep over four sizes in no order: with a rest, one batch, less than one, a small one."""
    n, size = drawn_sizes(rng, least)
    data = drawn_line(rng, n)
    rate = rng.uniform(0.4, 0.8) * sample_limit(data[0])
    run = sgd_arguments(data, drawn_start(rng), rate, drawn_orders(rng, n, epochs))
    sizes = [size, n, n + rng.randint(1, 5), rng.randint(2, 4)]
    return {**run, "batch_sizes": rng.sample(sizes, len(sizes))}


def batch_sweep_hidden(rng: random.Random) -> list[Case]:
    """Draw a sweep, a diverging one (every value finite), and a second call."""
    first = drawn_sweep(rng, rng.randint(2, 4), MANY)
    n, size = drawn_sizes(rng, 12, 17)
    data = drawn_line(rng, n)
    rate = rng.uniform(3.4, 4.0) / curvature(data[0])
    run = sgd_arguments(data, drawn_start(rng), rate, drawn_orders(rng, n, 5))
    return [
        Case("hidden_sweep", "a drawn sweep over four batch sizes", first),
        Case(
            "hidden_diverging",
            "a drawn sweep whose runs diverge",
            {**run, "batch_sizes": [size, n]},
            stable=False,
        ),
        Case("hidden_second_call", "a second call with other sizes", drawn_sweep(rng, 2), earlier=first),
    ]


def _rates(arguments: dict[str, Value], rates: list[float]) -> dict[str, Value]:
    """Put the rates in the place of ``lr``."""
    return {"lrs" if name == "lr" else name: rates if name == "lr" else value for name, value in arguments.items()}


def rate_sweep_public() -> list[Case]:
    """Plainly stable rates, in no order, rates that overflow in every dtype, no updates, and a start far away."""
    start = (W0, B0)
    return [
        Case(
            "stable_rates",
            "23 points, lr 0.125, 0.0625 and 0.25, 6 updates",
            _rates(batch_arguments(public_line(23), start, LR, 6), [0.125, 0.0625, 0.25]),
        ),
        Case(
            "one_update",
            "7 points, lr 0.25 and 0.125, 1 update",
            _rates(batch_arguments(public_line(7), start, LR, 1), [0.25, 0.125]),
        ),
        Case(
            "overflow",
            "10 points, lr 0.125, 2**60 and 2**100, 12 updates",
            _rates(batch_arguments(public_line(10), start, LR, 12), [0.125, OVERFLOWS, 2.0**100]),
        ),
        Case(
            "no_epochs",
            "epochs=0",
            _rates(batch_arguments(public_line(5), start, LR, 0), [0.125, 0.5]),
            trivial=True,
        ),
        Case(
            "far_start",
            "7 points from w0=2**24 and b0=-2**23, lr 0.125 and 0.0625, 3 updates: finite, however large",
            _rates(batch_arguments(public_line(7), (2.0**24, -(2.0**23)), LR, 3), [0.125, 0.0625]),
        ),
        Case(
            "second_call",
            "17 points from another start, lr 0.1875 and 0.03125, after a call with 23 points",
            _rates(batch_arguments(public_line(17), (-1.5, 0.5), LR, 4), [0.1875, 0.03125]),
            stable=False,
            earlier=_rates(batch_arguments(public_line(23), start, LR, 6), [0.125, 0.0625, 0.25]),
        ),
    ]


def _drawn_rates(rng: random.Random, n: int, epochs: int, more: list[float]) -> dict[str, Value]:
    data = drawn_line(rng, n)
    limit = 2 / curvature(data[0])
    rates = [round(share * limit, 6) for share in (rng.uniform(0.1, 0.2), rng.uniform(0.3, 0.5), rng.uniform(0.6, 0.8))]
    return _rates(batch_arguments(data, drawn_start(rng), LR, epochs), rng.sample([*rates, *more], 3 + len(more)))


def rate_sweep_hidden(rng: random.Random) -> list[Case]:
    """Draw stable rates, rates of which two overflow, no updates, and a second call."""
    first = _drawn_rates(rng, rng.randint(9, 17), rng.randint(3, 6), [])
    return [
        Case("hidden_rates", "drawn rates", first),
        Case(
            "hidden_overflow",
            "drawn rates, two of them far too large",
            _drawn_rates(rng, rng.randint(6, 9), rng.randint(12, 15), [OVERFLOWS * rng.randint(1, 9), 2.0**90]),
        ),
        Case("hidden_no_epochs", "epochs=0", _drawn_rates(rng, rng.randint(5, 9), 0, []), trivial=True),
        Case(
            "hidden_second_call",
            "a second call with other rates",
            _drawn_rates(rng, rng.randint(18, 25), rng.randint(2, 4), []),
            earlier=first,
        ),
    ]


# -- the map ------------------------------------------------------------------------------------------------------


def _grid_case(
    name: str, sentence: str, data: tuple[Array, Array], ws: Array, bs: Array, earlier: dict[str, Value] | None = None
) -> Case:
    x, y = data
    return Case(name, sentence, {"x": x, "y": y, "ws": ws, "bs": bs}, trivial=len(x) == 1, earlier=earlier)


def loss_grid_public() -> list[Case]:
    """A map that is not square, a square one, a single column, and one sample."""
    ws, bs = np.arange(5) / 2 - 0.25, np.arange(4) / 4 - 1.125
    first = _grid_case("five_by_four", "seven points, 5 weights, 4 biases", public_line(7), ws, bs)
    return [
        first,
        _grid_case("square", "23 points, 4 weights, 4 biases", public_line(23), ws[1:], bs),
        _grid_case("one_bias", "ten points, 5 weights, 1 bias", public_line(10), ws, bs[:1]),
        _grid_case("one_point", "one point, 5 weights, 4 biases", public_line(1), ws, bs),
        _grid_case(
            "second_call",
            "twelve points, 3 weights, 4 biases, after a call with seven points",
            public_line(12),
            ws[:3] - 1,
            bs + 0.5,
            dict(first.arguments),
        ),
    ]


def _drawn_axis(rng: random.Random, count: int) -> Array:
    start, step = rng.uniform(-2, 0), rng.uniform(0.2, 0.6)
    return np.array([start + step * k for k in range(count)])


def loss_grid_hidden(rng: random.Random) -> list[Case]:
    """Draw a wide map, a square one, and a second call."""
    square = rng.randint(3, 6)
    first = _grid_case(
        "hidden_map",
        "a drawn map",
        drawn_line(rng, rng.randint(9, 14)),
        _drawn_axis(rng, rng.randint(3, 5)),
        _drawn_axis(rng, rng.randint(6, 9)),
    )
    return [
        first,
        _grid_case(
            "hidden_square",
            "a drawn square map",
            drawn_line(rng, square),
            _drawn_axis(rng, square),
            _drawn_axis(rng, square),
        ),
        _grid_case(
            "hidden_second_call",
            "a second call with another map",
            drawn_line(rng, rng.randint(15, 22)),
            _drawn_axis(rng, rng.randint(6, 8)),
            _drawn_axis(rng, rng.randint(3, 5)),
            dict(first.arguments),
        ),
    ]


# -- the pictures -------------------------------------------------------------------------------------------------


def history(w: list[float], b: list[float], loss: list[float]) -> dict[str, list[float]]:
    """Return a history in the form the worker turns into a ``History``."""
    return {"w": w, "b": b, "loss": loss}


WALK = history([-1.0, 0.25, 1.0, 1.375, 1.5625], [1.5, 0.75, 0.125, -0.25, -0.4375], [8.0, 3.5, 1.5, 0.75])
ZIGZAG = history(
    [-1.0, 1.0, 0.5, 2.0, 1.25, 1.75, 1.5],
    [1.5, 0.5, 0.625, -0.5, -0.125, -0.75, -0.5],
    [7.0, 2.25, 0.5],
)


def _map(data: tuple[Array, Array], ws: Array, bs: Array) -> Array:
    """Return the loss at every pair of a weight and a bias."""
    x, y = data
    error = ws[:, None, None] * x.ravel() + bs[None, :, None] - y.ravel()
    return np.asarray((error**2).mean(axis=2), dtype=np.float64)


def _paths_case(
    name: str, sentence: str, data: tuple[Array, Array], axes: tuple[Array, Array], histories: dict[str, Value]
) -> Case:
    ws, bs = axes
    arguments = {"ws": ws, "bs": bs, "grid": _map(data, ws, bs), "histories": histories}
    return Case(name, sentence, arguments, stable=False)


def paths_public() -> list[Case]:
    """A map with more weights than biases and two paths, and one with more biases and one path."""
    return [
        _paths_case(
            "two_paths",
            "a map of 25 weights and 17 biases with two paths",
            public_line(23),
            (np.arange(25) / 4 - 2, np.arange(17) / 4 - 2.5),
            {"batch": WALK, "mini-batch": ZIGZAG},
        ),
        _paths_case(
            "one_path",
            "a map of 13 weights and 21 biases with one path",
            public_line(9),
            (np.arange(13) / 2 - 3, np.arange(21) / 4 - 3),
            {"sgd": ZIGZAG},
        ),
    ]


def drawn_history(rng: random.Random, epochs: int, spacing: int) -> dict[str, list[float]]:
    """Draw a record of ``epochs`` losses with ``spacing`` updates each."""
    updates = epochs * spacing
    w = [round(1.5 + 2.5 * rng.uniform(-1, 1) * 0.8**t, 4) for t in range(updates + 1)]
    b = [round(-0.5 + 1.5 * rng.uniform(-1, 1) * 0.8**t, 4) for t in range(updates + 1)]
    return history(w, b, [round(rng.uniform(6, 9) * 0.6**epoch, 4) for epoch in range(epochs)])


def paths_hidden(rng: random.Random) -> list[Case]:
    """Draw a map and three paths under other names."""
    weights, biases = rng.randint(18, 24), rng.randint(25, 31)
    histories = {
        f"run {name}": drawn_history(rng, rng.randint(2, 4), rng.randint(1, 4)) for name in rng.sample("ABCDEFG", 3)
    }
    axes = np.linspace(-2.0, 5.0, weights), np.linspace(-3.0, 2.0, biases)
    return [_paths_case("hidden_paths", "a drawn map with three paths", drawn_line(rng, 12), axes, histories)]


def comparison_public() -> list[Case]:
    """Runs of which one makes an update an epoch and another two, and of different lengths."""
    return [
        Case(
            "two_runs",
            "a run with 1 update an epoch and one with 2",
            {"histories": {"batch": WALK, "mini-batch": ZIGZAG}},
            stable=False,
        ),
        Case("one_run", "one run with 2 updates an epoch", {"histories": {"mini-batch": ZIGZAG}}, stable=False),
    ]


def comparison_hidden(rng: random.Random) -> list[Case]:
    """Draw three runs with different numbers of updates an epoch."""
    names, spacings = rng.sample("ABCDEFG", 3), rng.sample(range(1, 7), 3)
    histories = {
        f"run {name}": drawn_history(rng, rng.randint(2, 5), spacing)
        for name, spacing in zip(names, spacings, strict=True)
    }
    return [Case("hidden_runs", "three drawn runs", {"histories": histories}, stable=False)]


RUN_HINT = "x: Tensor, y: Tensor, w0: Tensor, b0: Tensor"

CARD = Card(
    slug="ps7_experiments",
    title="Experiments",
    topics={
        "forward": "The mathematics",
        "loss": "The mathematics",
        "gradient": "The learning rate",
        "update": "The learning rate",
        "recording": "All else equal",
        "batches": "All else equal",
        "contract": "What every function keeps to",
        "tensors": "A map without a double loop",
    },
    exercises=(
        Exercise(
            name="batch_size_sweep",
            points=2.0,
            section="batch_size_sweep",
            signature=(
                f"def batch_size_sweep({RUN_HINT}, lr: float, orders: Sequence[Tensor], "
                "batch_sizes: Sequence[int]) -> dict[int, History]"
            ),
            probe="histories",
            aspects=HISTORY_ASPECTS,
            quantities=HISTORY,
            public=batch_sweep_public,
            hidden=batch_sweep_hidden,
        ),
        Exercise(
            name="learning_rate_sweep",
            points=1.0,
            section="learning_rate_sweep",
            signature=(f"def learning_rate_sweep({RUN_HINT}, lrs: Sequence[float], epochs: int) -> dict[float, float]"),
            probe="mapping",
            aspects={"losses": 0.85, "arguments": 0.05, "hints": 0.1},
            quantities=(Quantity("value", "each", "losses", "the last losses"),),
            public=rate_sweep_public,
            hidden=rate_sweep_hidden,
        ),
        Exercise(
            name="loss_grid",
            points=2.0,
            section="loss_grid",
            signature="def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor",
            probe="tensor",
            aspects={"losses": 0.85, "arguments": 0.05, "hints": 0.1},
            quantities=(Quantity("value", "numbers", "losses", "the map"),),
            public=loss_grid_public,
            hidden=loss_grid_hidden,
        ),
        Exercise(
            name="plot_paths",
            points=1.0,
            section="plot_paths",
            signature=(
                "def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure"
            ),
            probe="figure",
            aspects={"contours": 0.3, "paths": 0.4, "labels": 0.15, "arguments": 0.05, "hints": 0.1},
            quantities=(),
            public=paths_public,
            hidden=paths_hidden,
            check=paths_plot,
        ),
        Exercise(
            name="plot_comparison",
            points=1.0,
            section="plot_comparison",
            signature="def plot_comparison(histories: Mapping[str, History]) -> Figure",
            probe="figure",
            aspects={"epochs": 0.35, "updates": 0.35, "labels": 0.2, "hints": 0.1},
            quantities=(),
            public=comparison_public,
            hidden=comparison_hidden,
            check=comparison_plot,
        ),
    ),
    written=(WrittenAnswer("batch_against_minibatch", 1.0),),
)
