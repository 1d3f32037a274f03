from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w, b = w0.clone(), b0.clone()
    y = y - y.mean()
    ws, bs, losses = [w.item()], [b.item()], []
    for epoch in range(epochs):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        dw, db = 2 * (error * x).mean(), 2 * error.mean()
        w, b = w - lr * dw, b - lr * db
        ws.append(w.item())
        bs.append(b.item())
    return History(ws, bs, losses)
