"""Right: torch functions, axline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    return torch.add(torch.mul(x, slope), noise) + intercept


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.addcmul(b, w, x)


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError
    return torch.nn.functional.mse_loss(y_pred, y)


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    figure, axes = plt.subplots()
    axes.plot(x.flatten().tolist(), y.flatten().tolist(), "o", label="data")
    axes.axline((0.0, b.item()), slope=w.item(), label="fit")
    axes.set(xlabel="x", ylabel="y")
    axes.legend()
    axes.grid(visible=True)
    return figure
