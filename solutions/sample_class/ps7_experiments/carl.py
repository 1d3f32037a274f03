"""Right: autograd, torch.func, a double loop for the map."""

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
    def run(size: int) -> History:
        w = w0.clone().requires_grad_()
        b = b0.clone().requires_grad_()
        history = History([w.item()], [b.item()], [])
        for order in orders:
            weighted = []
            for start in range(0, len(order), size):
                batch = order[start : start + size]
                loss = torch.nn.functional.mse_loss(w * x[batch] + b, y[batch])
                dw, db = torch.autograd.grad(loss, (w, b))
                with torch.no_grad():
                    w -= lr * dw
                    b -= lr * db
                weighted.append(loss.item() * len(batch))
                history.w.append(w.item())
                history.b.append(b.item())
            history.loss.append(sum(weighted) / len(order))
        return history

    return {size: run(size) for size in batch_sizes}


def learning_rate_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int
) -> dict[float, float]:
    def loss(w, b):
        return torch.mean((w * x + b - y) ** 2)

    def last(lr):
        w, b = w0.clone(), b0.clone()
        for _ in range(epochs):
            dw, db = torch.func.grad(loss, argnums=(0, 1))(w, b)
            w, b = w - lr * dw, b - lr * db
        return torch.nan_to_num(loss(w, b), nan=math.inf, posinf=math.inf).item()

    return {lr: last(lr) for lr in lrs}


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    grid = torch.empty(len(ws), len(bs), dtype=x.dtype, device=x.device)
    for j in range(len(ws)):
        for k in range(len(bs)):
            grid[j, k] = ((ws[j] * x + bs[k] - y) ** 2).mean()
    return grid


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    figure = plt.figure()
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    horizontal, vertical = torch.meshgrid(ws.cpu(), bs.cpu(), indexing="ij")
    axes.contour(horizontal.numpy(), vertical.numpy(), grid.cpu().numpy())
    for name, history in histories.items():
        axes.plot(history.w, history.b, label=name)
    axes.set_xlabel("weight")
    axes.set_ylabel("bias")
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
Per epoch: batch size 10,000 makes one update and batch size 10 makes 1000. That is why the loss of batch descent is
still high after five epochs and the loss of the others is 1.0 times the variance. Per update there's no difference.
With ten times the noise the distance at batch size 10 grows from 0.05 to 0.5. I'd choose 1000 and lower the rate."""
