"""Handed in as a Python file: right, and only one of the two functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders import History

if TYPE_CHECKING:
    from torch import Tensor


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    n = len(x)
    w, b = w0, b0
    ws, bs, losses = [float(w)], [float(b)], []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(float((error * error).sum() / n))
        w, b = w - lr * (2 / n) * (error * x).sum(), b - lr * (2 / n) * error.sum()
        ws.append(float(w))
        bs.append(float(b))
    return History(ws, bs, losses)
