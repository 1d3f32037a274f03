"""Raises: a name that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    return slope * x + intercept + noise


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * x + b


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("unequal shapes")
    return ((y_prediction - y) ** 2).mean()  # type: ignore[name-defined, no-any-return] # noqa: F821


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    figure, axes = plt.subplots()
    axes.scatter(x.tolist(), y.tolist(), label="data")
    axes.plot(x.flatten().tolist(), (w * x + b).flatten().tolist(), label="line")
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    axes.legend()
    axes.grid(visible=True)
    return figure
