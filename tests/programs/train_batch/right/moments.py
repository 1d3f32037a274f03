from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    # the loss is a quadratic form in (w, b): precompute its moments once
    sx, sy, sxx, sxy, syy = x.mean(), y.mean(), (x * x).mean(), (x * y).mean(), (y * y).mean()
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w], [b], []
    for _ in range(epochs):
        losses.append(((w * x + b - y) ** 2).mean())
        w, b = w - 2 * lr * (w * sxx + b * sx - sxy), b - 2 * lr * (w * sx + b - sy)
        ws.append(w)
        bs.append(b)
    return History(*(torch.stack(v).tolist() if v else [] for v in (ws, bs, losses)))
