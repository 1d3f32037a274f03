"""Right: as the lesson writes it, and a full answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

from graders import History

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor


def batch_size_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_sizes: Sequence[int]
) -> dict[int, History]:
    runs = {}
    for size in batch_sizes:
        w, b = w0, b0
        ws, bs, losses = [w.item()], [b.item()], []
        for order in orders:
            squares = 0.0
            for batch in order.split(size):
                error = w * x[batch] + b - y[batch]
                squares += (error**2).sum().item()
                w, b = w - lr * 2 * (error * x[batch]).mean(), b - lr * 2 * error.mean()
                ws.append(w.item())
                bs.append(b.item())
            losses.append(squares / len(x))
        runs[size] = History(ws, bs, losses)
    return runs


def learning_rate_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int
) -> dict[float, float]:
    last = {}
    for lr in lrs:
        w, b = w0, b0
        for _ in range(epochs):
            error = w * x + b - y
            w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        loss = ((w * x + b - y) ** 2).mean().item()
        last[lr] = loss if math.isfinite(loss) else math.inf
    return last


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    return torch.stack([((w * x + bs - y) ** 2).mean(dim=0) for w in ws])


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    figure = Figure()
    axes = figure.add_subplot()
    axes.contour(ws.tolist(), bs.tolist(), grid.T.cpu().numpy(), levels=15)
    for name, history in histories.items():
        axes.plot(history.w, history.b, ".-", label=name)
    axes.set_xlabel("w")
    axes.set_ylabel("b")
    axes.legend()
    return figure


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    figure = Figure(figsize=(10, 4))
    left, right = figure.subplots(1, 2)
    for name, history in histories.items():
        spacing = (len(history.w) - 1) / len(history.loss)
        left.plot(range(len(history.loss)), history.loss, label=name)
        right.plot([epoch * spacing for epoch in range(len(history.loss))], history.loss, label=name)
    left.set(xlabel="epoch", ylabel="loss")
    right.set(xlabel="update", ylabel="loss")
    left.legend()
    right.legend()
    return figure


batch_against_minibatch = """\
**10,000 samples.** Five passes give batch descent five updates: its loss ends at 119 times the variance of the noise
and it is still 3.5 away from the line. With batch size 100 there are 500 updates, the loss is at the variance (1.000)
and the distance is 0.011. The panel per epoch shows this. Per update, all sizes come down about equally fast.

**Ten times the noise.** The wobble of w is ten times as large for every batch size. Batch size 10 suffers most, it ends
0.55 away, while 1000 ends 0.10 away. loss/variance hides this since it divides by the noise.

**Choice.** 100 with little noise. With much noise 1000, or 100 with a rate that falls towards the end."""
