"""Handed in as a Python file: right, and two of the three functions."""

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
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            error = w * x[i, 0] + b - y[i, 0]
            w, b = w - lr * 2 * error * x[i, 0], b - lr * 2 * error
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)
