from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w, b = w0, b0
    path = [(w0, b0)]
    losses = []
    for _ in range(epochs):
        w, b = w.detach().requires_grad_(), b.detach().requires_grad_()
        loss = torch.nn.functional.mse_loss(w * x + b, y)
        dw, db = torch.autograd.grad(loss, (w, b))
        w, b = w - lr * dw, b - lr * db
        losses.append(loss)
        path.append((w, b))
    return History([float(w) for w, _ in path], [float(b) for _, b in path], [float(v) for v in losses])
