from __future__ import annotations
import numpy as np
from typing import Dict, Sequence
from torch import Tensor
from graders import History

def run(x, y, w, b, lr, orders, size):
    ws, bs, losses = [w], [b], []
    for order in orders:
        order = order.numpy()
        squares = []
        for cut in range(0, len(order), size):
            i = order[cut:cut + size]
            e = w * x[i] + b - y[i]
            squares.append(e ** 2)
            w, b = w - 2 * lr * (e * x[i]).mean(), b - 2 * lr * e.mean()
            ws.append(w)
            bs.append(b)
        losses.append(np.concatenate(squares).mean())
    return History(ws, bs, losses)

def batch_size_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_sizes: Sequence[int]) -> Dict[int, History]:
    xs, ys = x.cpu().double().numpy().ravel(), y.cpu().double().numpy().ravel()
    return {int(size): run(xs, ys, w0.item(), b0.item(), lr, orders, size) for size in batch_sizes}
