from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w, b = w0.clone(), b0.clone()
    w.requires_grad_(), b.requires_grad_()
    ws, bs, losses = [w], [b], []
    for order in orders:
        losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            error = w * x[i] + b - y[i]
            dw, db = 2 * (error * x[i]).mean(), 2 * error.mean()
            w, b = w - lr * dw, b - lr * db
            ws.append(w)
            bs.append(b)
    return History(ws, bs, losses)
