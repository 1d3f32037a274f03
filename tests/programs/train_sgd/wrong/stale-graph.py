from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []
    y_hat = w * x + b
    for order in orders:
        losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            loss = ((y_hat[i] - y[i]) ** 2).mean()
            loss.backward(retain_graph=True)
            w.data -= lr * w.grad
            b.data -= lr * b.grad
            w.grad, b.grad = None, None
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)
