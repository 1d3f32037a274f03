from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    w = w0.clone().requires_grad_(True)
    b = b0.clone().requires_grad_(True)
    n = len(x)
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        total = 0.0
        for start in range(0, n, batch_size):
            batch = order[start:start + batch_size]
            y_hat = w * x[batch] + b
            loss = ((y_hat - y[batch]) ** 2).sum()
            total += loss.item()
            loss.backward()
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / n)
    return History(ws, bs, losses)
