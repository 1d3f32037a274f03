from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            error = w * x[i] + b - y[i]
            dw, db = 2 * (error * x[i]).mean(), 2 * error.mean()
            w, b = torch.round(w - lr * dw, decimals=6), torch.round(b - lr * db, decimals=6)
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)
