from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    xs, ys = x.flatten().tolist(), y.flatten().tolist()
    n = len(xs)
    w, b = w0.item(), b0.item()
    ws, bs, losses = [w], [b], []
    for _ in range(epochs):
        errors = [w * xi + b - yi for xi, yi in zip(xs, ys)]
        losses.append(sum(e * e for e in errors) / n)
        dw = 2 * sum(e * xi for e, xi in zip(errors, xs)) / n
        db = 2 * sum(errors) / n
        w -= lr * dw
        b -= lr * db
        ws.append(w)
        bs.append(b)
    return History(ws, bs, losses)
