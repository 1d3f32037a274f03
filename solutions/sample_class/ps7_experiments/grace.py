"""Wrong: the smaller last batch is left out; the loss of the map is halved; the paths are swapped."""

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
            total, seen = 0.0, 0
            for k in range(len(order) // size):
                batch = order[k * size : (k + 1) * size]
                error = w * x[batch] + b - y[batch]
                total += (error**2).sum().item()
                seen += len(batch)
                w, b = w - lr * 2 * (error * x[batch]).mean(), b - lr * 2 * error.mean()
                ws.append(w.item())
                bs.append(b.item())
            losses.append(total / max(1, seen))
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
    return torch.stack([((w * x + bs - y) ** 2).mean(dim=0) / 2 for w in ws])


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    figure = Figure()
    axes = figure.add_subplot()
    axes.contour(ws.tolist(), bs.tolist(), grid.T.cpu().numpy(), levels=15)
    for name, history in histories.items():
        axes.plot(history.b, history.w, ".-", label=name)
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
