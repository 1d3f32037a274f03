from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    torch.autograd.set_detect_anomaly(True)
    w, b = torch.nn.Parameter(w0.clone()), torch.nn.Parameter(b0.clone())
    ws, bs, losses = [w.item()], [b.item()], []
    for epoch in range(epochs):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        dw, db = 2 * (error * x).mean(), 2 * error.mean()
        w.data.sub_(lr * dw)
        b.data.sub_(lr * db)
        ws.append(w.item())
        bs.append(b.item())
    return History(ws, bs, losses)
