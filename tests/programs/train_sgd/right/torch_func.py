from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    def loss(p, xi, yi):
        return (p["w"] * xi + p["b"] - yi).square().mean()

    g = torch.func.grad(loss)
    p = {"w": w0, "b": b0}
    trail, losses = [p], []
    for order in orders:
        losses.append(loss(p, x, y))
        for i in order:
            d = g(p, x[i], y[i])
            p = {k: p[k] - lr * d[k] for k in p}
            trail.append(p)
    return History([q["w"] for q in trail], [q["b"] for q in trail], losses)
