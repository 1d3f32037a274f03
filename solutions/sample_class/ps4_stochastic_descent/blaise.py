"""Right: plain numbers, the eigenvalue by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    return [torch.randperm(n, generator=generator) for _ in range(epochs)]


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    xs, ys = x.flatten().tolist(), y.flatten().tolist()
    w, b = w0.item(), b0.item()
    history = History([w], [b], [])
    for order in orders:
        history.loss.append(sum((w * xi + b - yi) ** 2 for xi, yi in zip(xs, ys)) / len(xs))
        for i in order.tolist():
            slope = 2 * (w * xs[i] + b - ys[i])
            w, b = w - lr * slope * xs[i], b - lr * slope
            history.w.append(w)
            history.b.append(b)
    return history


def largest_stable_lr(x: Tensor) -> float:
    # eigenvalues of a 2 x 2 matrix from its trace and determinant
    mean, square = x.mean().item(), (x**2).mean().item()
    half_trace = (square + 1) / 2
    determinant = square - mean**2
    greatest = half_trace + (half_trace**2 - determinant) ** 0.5
    return 1 / greatest


why_sgd_explodes = """\
The bound 0.12 is for the average of all samples. SGD takes one sample at a time and at the ends, where x is about 5,
the bound is only 0.038, so lr = 0.1 makes the error there four times larger with every step. In the middle it becomes
smaller again. That is why the loss stays high and does not go to infinity."""
