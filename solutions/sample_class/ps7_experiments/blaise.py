"""Right: broadcasting over a cube, filled contours, the bias to the right."""

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
        w, b = w0.clone(), b0.clone()
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
    results = {}
    for lr in lrs:
        theta = torch.stack([w0, b0])
        z = torch.cat([x, torch.ones_like(x)], dim=1)
        for _ in range(epochs):
            theta = theta - lr * 2 / len(x) * z.T @ (z @ theta - y[:, 0])
        loss = float(((z @ theta - y[:, 0]) ** 2).mean())
        results[lr] = float("inf") if loss != loss else loss
    return results


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    errors = ws[:, None, None] * x[:, 0] + bs[None, :, None] - y[:, 0]
    return errors.square().mean(dim=-1)


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    figure, axes = plt.subplots()
    filled = axes.contourf(bs.cpu(), ws.cpu(), grid.cpu(), levels=20, cmap="viridis")
    figure.colorbar(filled, label="loss")
    for name in histories:
        axes.plot(histories[name].b, histories[name].w, marker="o", label=name)
    axes.set(xlabel="bias b", ylabel="weight w", title="Paths")
    figure.legend()
    return figure


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    for name, run in histories.items():
        epochs = torch.arange(1, len(run.loss) + 1)
        left.semilogy(epochs, run.loss, label=name)
        right.semilogy((epochs - 1) * (len(run.w) - 1) / len(run.loss), run.loss)
    left.set_xlabel("Epochs")
    right.set_xlabel("Updates")
    left.set_ylabel("Loss")
    figure.legend()
    return figure


batch_against_minibatch = """\
Batch descent makes only five steps in five epochs, mini-batches of 10 make 5000, so mini-batches win on the panel per
epoch. On the panel per update they are about equal. With more noise the small batches wobble more. I would take 100."""
