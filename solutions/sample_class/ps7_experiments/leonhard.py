"""Handed in as a Python file: right, the sweep over learning rates and the map only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


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
