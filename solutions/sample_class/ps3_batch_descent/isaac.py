"""Never returns: the loop waits for a loss of exactly zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from matplotlib.figure import Figure

from graders import History

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = w0.clone()
    b = b0.clone()
    ws, bs = [w.item()], [b.item()]
    losses: list[float] = []
    loss = torch.inf
    while loss != 0 or len(losses) < epochs:
        error = w * x + b - y
        loss = (error**2).mean().item()
        w = w - lr * 2 * (error * x).mean()
        b = b - lr * 2 * error.mean()
        losses = [*losses[:epochs], loss]
    return History(ws, bs, losses)


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    figure = Figure()
    axes = figure.add_subplot()
    for name, values in losses.items():
        axes.plot(range(len(values)), list(values), label=name)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.legend()
    return figure
