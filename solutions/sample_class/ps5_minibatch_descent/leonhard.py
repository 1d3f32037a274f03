"""Handed in as a Python file: right, and two of the three functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    n = len(x)
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        squares = 0.0
        for batch in order.split(batch_size):
            error = w * x[batch] + b - y[batch]
            squares += (error**2).sum().item()
            w, b = w - lr * 2 * (error * x[batch]).mean(), b - lr * 2 * error.mean()
            ws.append(w.item())
            bs.append(b.item())
        losses.append(squares / n)
    return History(ws, bs, losses)
