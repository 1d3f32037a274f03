import math
from collections.abc import Sequence

import torch
from torch import Tensor


def learning_rate_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int) -> dict[float, float]:
    result = {}
    for lr in lrs:
        w, b = w0.clone(), b0.clone()
        for epoch in range(epochs):
            error = w * x + b - y
            dw, db = 2 * (error * x).mean(), 2 * error.mean()
            w, b = w - lr * dw, b - lr * db
        loss = ((w * x + b - y) ** 2).mean().item()
        result[lr] = loss if math.isfinite(loss) else math.inf
