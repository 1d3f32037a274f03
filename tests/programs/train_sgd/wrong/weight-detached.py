from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        with torch.no_grad():
            losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order.tolist():
            y_hat = w.detach() * x[i] + b
            loss = ((y_hat - y[i]) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                w -= 0 if w.grad is None else lr * w.grad
                b -= lr * b.grad
            b.grad.zero_()
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)
