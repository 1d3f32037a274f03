import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def one_run(x, y, w, b, lr, orders, size):
    path = [(w.item(), b.item())]
    losses = []
    for order in orders:
        epoch_loss = 0.0
        for idx in order.to(x.device).split(size):
            e = w * x[idx] + b - y[idx]
            epoch_loss += (e**2).mean().item() * len(idx) / len(order)
            dw = 2 * (e * x[idx]).mean()
            db = 2 * e.mean()
            w, b = w - lr * dw, b - lr * db
            path.append((w.item(), b.item()))
        losses.append(epoch_loss)
    return History([p[0] for p in path], [p[1] for p in path], losses)


def batch_size_sweep(
    x: Tensor,
    y: Tensor,
    w0: Tensor,
    b0: Tensor,
    lr: float,
    orders: Sequence[Tensor],
    batch_sizes: Sequence[int],
) -> dict[int, History]:
    return {str(size): one_run(x, y, w0, b0, lr, orders, size) for size in batch_sizes}
