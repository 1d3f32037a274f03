"""Slips in the forward pass and in the loss, in the course's order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solutions.mistakes.machine import dot, ratio, size, total
from solutions.mistakes.slips import Slip, finished, forward, loss, prepared, scaled, stages, tweaked

if TYPE_CHECKING:
    from collections.abc import Callable

    from solutions.mistakes.machine import Log, Number, Pair, Setup


# --- forward ------------------------------------------------------------------------------------------------


def swapped(x: Number, w: Number, b: Number) -> Number:
    """b·x + w."""
    return x * b + w


def swapped_pull(slope: Number, x: Number) -> Pair:
    """Return the derivative of b·x + w."""
    return total(slope), dot(slope, x)


def no_bias(x: Number, w: Number, b: Number) -> Number:
    """w·x."""
    del b
    return x * w


def no_bias_pull(slope: Number, x: Number) -> Pair:
    """Return the derivative of w·x."""
    return dot(slope, x), 0.0


def minus_bias(x: Number, w: Number, b: Number) -> Number:
    """w·x − b."""
    return x * w - b


def minus_bias_pull(slope: Number, x: Number) -> Pair:
    """Return the derivative of w·x − b."""
    return dot(slope, x), -total(slope)


def swapped_alone(x: Number, w: Number, b: Number) -> Number:
    """b·x."""
    del w
    return x * b


def swapped_alone_pull(slope: Number, x: Number) -> Pair:
    """Return the derivative of b·x."""
    return 0.0, dot(slope, x)


def swapped_minus(x: Number, w: Number, b: Number) -> Number:
    """b·x − w."""
    return x * b - w


def swapped_minus_pull(slope: Number, x: Number) -> Pair:
    """Return the derivative of b·x − w."""
    return -total(slope), dot(slope, x)


def exchanged_names(log: Log) -> Log:
    """The path of w is recorded as b and the other way round."""
    log.w, log.b = log.b, log.w
    return log


def exchanged_start(setup: Setup) -> Setup:
    """The run starts with w at b0 and b at w0."""
    return replace(setup, w=setup.b, b=setup.w)


WEIGHT_STANDS = tweaked(lambda _dw, db, _m, _setup: (0.0, db))

FORWARD = (
    Slip("swapped-weight-and-bias", forward(swapped, swapped_pull), pairs=True),
    Slip("bias-left-out", forward(no_bias, no_bias_pull), pairs=True),
    Slip("bias-subtracted", forward(minus_bias, minus_bias_pull), pairs=True),
    Slip("weight-detached", WEIGHT_STANDS),
)
EXCHANGES = (
    Slip("swapped-weight-and-bias", finished(exchanged_names)),
    Slip("swapped-weight-and-bias", prepared(exchanged_start)),
)


# --- loss: each with its derivative -------------------------------------------------------------------------


def sum_value(p: Number, y: Number) -> Number:
    """sum(e²)."""
    return dot(p - y, p - y)


def sum_slope(p: Number, y: Number) -> Number:
    """2e."""
    return 2.0 * (p - y)


def half_value(p: Number, y: Number) -> Number:
    """mean(e²) / 2."""
    return dot(p - y, p - y) / (2.0 * size(p))


def half_slope(p: Number, y: Number) -> Number:
    """E / m."""
    return (p - y) / size(p)


def absolute_value(p: Number, y: Number) -> Number:
    """mean(|e|)."""
    return total(abs(p - y)) / size(p)


def absolute_slope(p: Number, y: Number) -> Number:
    """sign(e) / m."""
    return np.sign(p - y) / size(p)


def root_value(p: Number, y: Number) -> Number:
    """√mean(e²)."""
    return np.sqrt(dot(p - y, p - y) / size(p))


def root_slope(p: Number, y: Number) -> Number:
    """E / (m √mean(e²))."""
    return ratio(p - y, size(p) * root_value(p, y))


def early_value(p: Number, y: Number) -> Number:
    """mean(e)²."""
    mean = total(p - y) / size(p)
    return mean * mean


def early_slope(p: Number, y: Number) -> Number:
    """2 mean(e) / m, for every sample."""
    return 0.0 * p + 2.0 * total(p - y) / size(p) / size(p)


def matrix_value(p: Number, y: Number) -> Number:
    """Mean over all i, j of (p_i − y_j)²: what (n, 1) − (n,) becomes."""
    error = np.subtract.outer(p, y).ravel()
    return error @ error / error.size


def matrix_slope(p: Number, y: Number) -> Number:
    """2 (p_i − mean(y)) / m."""
    return 2.0 * (p - total(y) / size(y)) / size(p)


def crossed_slope(p: Number, y: Number) -> Number:
    """2 (mean(p) − y_i) / m: the matrix lies on its other side, and x goes with the targets."""
    return 2.0 * (total(p) / size(p) - y) / size(p)


def matrix_sum_value(p: Number, y: Number) -> Number:
    """Sum over all i, j of (p_i − y_j)²."""
    error = np.subtract.outer(p, y).ravel()
    return error @ error


def matrix_sum_slope(p: Number, y: Number) -> Number:
    """2 sum over j of (p_i − y_j)."""
    return 2.0 * (p * size(y) - total(y))


def half_sum_value(p: Number, y: Number) -> Number:
    """sum(e²) / 2."""
    return 0.5 * sum_value(p, y)


def half_sum_slope(p: Number, y: Number) -> Number:
    """E."""
    return p - y


def absolute_sum_value(p: Number, y: Number) -> Number:
    """sum(|e|)."""
    return total(abs(p - y))


def absolute_sum_slope(p: Number, y: Number) -> Number:
    """sign(e)."""
    return np.sign(p - y)


def root_sum_value(p: Number, y: Number) -> Number:
    """√sum(e²)."""
    return np.sqrt(sum_value(p, y))


def root_sum_slope(p: Number, y: Number) -> Number:
    """E / √sum(e²)."""
    return ratio(p - y, root_sum_value(p, y))


def half_matrix_value(p: Number, y: Number) -> Number:
    """Half the mean over all i, j of (p_i − y_j)²."""
    return 0.5 * matrix_value(p, y)


def half_matrix_slope(p: Number, y: Number) -> Number:
    """(p_i − mean(y)) / m."""
    return 0.5 * matrix_slope(p, y)


def absolute_matrix_value(p: Number, y: Number) -> Number:
    """Mean over all i, j of |p_i − y_j|."""
    return np.abs(np.subtract.outer(p, y)).mean()


def absolute_matrix_slope(p: Number, y: Number) -> Number:
    """Mean over j of sign(p_i − y_j), / m."""
    signs = np.sign(np.subtract.outer(p, y))
    return signs / size(p) if isinstance(p, float) else signs.mean(axis=1) / size(p)


def half_bessel_value(p: Number, y: Number) -> Number:
    """sum(e²) / 2(m − 1)."""
    return 0.5 * bessel_value(p, y)


def half_bessel_slope(p: Number, y: Number) -> Number:
    """E / (m − 1)."""
    return 0.5 * bessel_slope(p, y)


def bessel_value(p: Number, y: Number) -> Number:
    """sum(e²) / (m − 1)."""
    return ratio(dot(p - y, p - y), size(p) - 1.0)


def bessel_slope(p: Number, y: Number) -> Number:
    """2e / (m − 1)."""
    return ratio(2.0 * (p - y), size(p) - 1.0)


def squares_value(p: Number, y: Number) -> Number:
    """mean(p² − y²)."""
    return (dot(p, p) - dot(y, y)) / size(p)


def squares_slope(p: Number, y: Number) -> Number:
    """2p / m."""
    del y
    return 2.0 * p / size(p)


def squares_back_value(p: Number, y: Number) -> Number:
    """mean(y² − p²)."""
    return -squares_value(p, y)


def squares_back_slope(p: Number, y: Number) -> Number:
    """−2p / m."""
    return -squares_slope(p, y)


def half(of: Callable[[Number, Number], Number], factor: float = 0.5) -> Callable[[Number, Number], Number]:
    """Return half of a loss or of its slope."""
    return lambda p, y: factor * of(p, y)


LOSS = (
    Slip("sum-instead-of-mean", loss(sum_value, sum_slope), pairs=True),
    Slip("half-mse", loss(half_value, half_slope), pairs=True),
    Slip("absolute-error", loss(absolute_value, absolute_slope), pairs=True),
    Slip("root-mean-square", loss(root_value, root_slope), pairs=True),
    Slip("mean-before-square", loss(early_value, early_slope)),
    Slip("broadcast-to-matrix", loss(matrix_value, matrix_slope), pairs=True),
    Slip("divided-by-n-minus-1", loss(bessel_value, bessel_slope), pairs=True),
    Slip("difference-of-squares", loss(squares_value, squares_slope)),
    Slip("difference-of-squares", loss(squares_back_value, squares_back_slope)),
)
# Both change the loss, and yet they go together.
TOGETHER = (
    Slip("sum-instead-of-mean+broadcast-to-matrix", loss(matrix_sum_value, matrix_sum_slope)),
    Slip("sum-instead-of-mean+half-mse", loss(half_sum_value, half_sum_slope)),
    Slip("sum-instead-of-mean+absolute-error", loss(absolute_sum_value, absolute_sum_slope)),
    Slip("sum-instead-of-mean+root-mean-square", loss(root_sum_value, root_sum_slope)),
    Slip("half-mse+broadcast-to-matrix", loss(half_matrix_value, half_matrix_slope)),
    Slip("half-mse+divided-by-n-minus-1", loss(half_bessel_value, half_bessel_slope)),
    Slip("absolute-error+broadcast-to-matrix", loss(absolute_matrix_value, absolute_matrix_slope)),
    *(
        Slip(f"half-mse+{name}", loss(half(value), half(slope)))
        for name, value, slope in (
            ("absolute-error", absolute_value, absolute_slope),
            ("root-mean-square", root_value, root_slope),
            ("mean-before-square", early_value, early_slope),
            ("difference-of-squares", squares_value, squares_slope),
        )
    ),
    Slip("half-mse+root-mean-square", loss(half(root_value, 0.5**0.5), half(root_slope, 0.5**0.5))),
    Slip("swapped-weight-and-bias+bias-left-out", forward(swapped_alone, swapped_alone_pull)),
    Slip("swapped-weight-and-bias+bias-subtracted", forward(swapped_minus, swapped_minus_pull)),
)

# Followed by the gradient while the record keeps the mean of the squares, or recorded while the gradient keeps it.
LOSS_FOLLOWED = (
    Slip("sum-instead-of-mean", stages(slope=sum_slope)),
    Slip("absolute-error", stages(slope=absolute_slope)),
    Slip("root-mean-square", stages(slope=root_slope)),
    Slip("mean-before-square", stages(slope=early_slope)),
    Slip("broadcast-to-matrix", stages(slope=matrix_slope)),
    Slip("broadcast-to-matrix", stages(slope=crossed_slope)),
    Slip("broadcast-to-matrix", stages(value=matrix_value, slope=crossed_slope)),
    Slip("divided-by-n-minus-1", stages(slope=bessel_slope)),
    Slip("difference-of-squares", stages(slope=squares_slope)),
)
LOSS_RECORDED = (
    Slip("half-mse", stages(value=half_value)),
    Slip("absolute-error", stages(value=absolute_value)),
    Slip("root-mean-square", stages(value=root_value)),
    Slip("mean-before-square", stages(value=early_value)),
    Slip("broadcast-to-matrix", stages(value=matrix_value)),
    Slip("divided-by-n-minus-1", stages(value=bessel_value)),
    Slip("difference-of-squares", stages(value=squares_value)),
    Slip("difference-of-squares", stages(value=squares_back_value)),
)


def guarded_value(p: Number, y: Number) -> Number:
    """sum(e²) / max(m − 1, 1)."""
    return dot(p - y, p - y) / max(size(p) - 1, 1)


def guarded_slope(p: Number, y: Number) -> Number:
    """2e / max(m − 1, 1)."""
    return 2.0 * (p - y) / max(size(p) - 1, 1)


# A batch of one sample is spared the division by nothing.
GUARDED = (
    Slip("divided-by-n-minus-1", loss(guarded_value, guarded_slope)),
    Slip("divided-by-n-minus-1", stages(slope=guarded_slope)),
    Slip("divided-by-n-minus-1", stages(value=guarded_value)),
)


# --- a batch's loss divided by the wrong number -------------------------------------------------------------


def nominal(m: int, setup: Setup) -> float:
    """M / B: a smaller batch is divided by the full batch size."""
    return m / setup.size


def dataset(m: int, setup: Setup) -> float:
    """M / n: the sum over a batch is divided by the size of the data set."""
    return m / len(setup.y)


DIVISORS = (
    Slip("divided-by-nominal-batch-size", scaled(nominal), pairs=True),
    Slip("divided-by-nominal-batch-size", scaled(nominal, record=False), pairs=True),
    Slip("divided-by-nominal-batch-size", scaled(nominal, gradient=False)),
    Slip("divided-by-dataset-size", scaled(dataset), pairs=True),
    Slip("divided-by-dataset-size", scaled(dataset, record=False)),
    Slip("divided-by-dataset-size", scaled(dataset, gradient=False)),
)
