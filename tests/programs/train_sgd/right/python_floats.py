from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    xs, ys = x.flatten().tolist(), y.flatten().tolist()
    w, b = w0.item(), b0.item()
    history = History([w], [b], [])
    for order in orders:
        history.loss.append(sum((w * p + b - q) ** 2 for p, q in zip(xs, ys)) / len(xs))
        for i in order.tolist():
            r = w * xs[i] + b - ys[i]
            w, b = w - 2 * lr * r * xs[i], b - 2 * lr * r
            history.w.append(w)
            history.b.append(b)
    return history
