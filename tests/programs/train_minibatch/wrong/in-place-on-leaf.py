from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []
    n = len(x)
    for order in orders:
        total = 0.0
        for k in range(0, n, batch_size):
            batch = order[k:k + batch_size]
            xb, yb = x[batch], y[batch]
            y_hat = w * xb + b
            loss = ((y_hat - yb) ** 2).mean()
            loss.backward()
            w -= lr * w.grad
            b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
            total += loss.item() * len(batch)
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / n)
    return History(ws, bs, losses)
