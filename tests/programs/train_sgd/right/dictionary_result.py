from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    out = {"w": [], "b": [], "loss": []}
    w, b = w0.clone(), b0.clone()

    def note():
        out["w"].append(w.clone())
        out["b"].append(b.clone())

    note()
    for order in orders:
        e = torch.addcmul(b - y, x, w)
        out["loss"].append(e.square().mean())
        for xi, yi in zip(x[order], y[order]):
            g = 2 * (w * xi + b - yi)[0]
            w.sub_(lr * g * xi[0])
            b.sub_(lr * g)
            note()
    return out
