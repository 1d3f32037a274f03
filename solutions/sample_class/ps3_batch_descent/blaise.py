"""Right: the gradient in closed form, tensors in the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

from graders import History

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure
    from torch import Tensor


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w], [b], []
    for _epoch in range(epochs):
        error = w * x + b - y
        losses.append((error**2).mean())
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        ws.append(w)
        bs.append(b)
    return History([float(v) for v in ws], [float(v) for v in bs], [float(v) for v in losses])


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    figure, axes = plt.subplots()
    for name in losses:
        axes.plot(list(range(1, len(losses[name]) + 1)), losses[name], "o-", label=name)
    axes.set(xlabel="Epoch", ylabel="Mean squared error", title="Batch descent")
    figure.legend()
    return figure
