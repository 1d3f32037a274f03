from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    n = len(x)
    for order in orders:
        total = 0.0
        for k in range(0, n, batch_size):
            batch = order[k:k + batch_size]
            xb, yb = x[batch], y[batch]
            error = w * xb + b - yb
            loss = (error ** 2).mean()
            total += loss.item() * len(batch)
            dw, db = 2 * (error * xb).mean(), 2 * error.mean()
            w, b = w - lr * dw.sign(), b - lr * db.sign()
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / n)
    return History(ws, bs, losses)
