import math
from collections.abc import Sequence

import torch
from torch import Tensor


def learning_rate_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int) -> dict[float, float]:
    result = {}
    for lr in lrs:
        w = w0.clone().requires_grad_()
        b = b0.clone().requires_grad_()
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for epoch in range(epochs):
            optimizer.zero_grad()
            loss = ((w * x + b - y.flatten()) ** 2).mean()
            loss.backward()
            optimizer.step()
        final = ((w * x + b - y.flatten()) ** 2).mean().item()
        result[lr] = final if math.isfinite(final) else float("inf")
    return result
