import math
from collections.abc import Sequence

import torch
from torch import Tensor


def learning_rate_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int) -> dict[float, float]:
    out = dict()
    for lr in lrs:
        theta = torch.stack([w0, b0])
        X = torch.hstack([x, torch.ones_like(x)])
        for t in range(epochs):
            theta = theta - lr * (2 / len(X)) * (X.T @ (X @ theta[:, None] - y)).squeeze(1)
            if not torch.isfinite(theta).all():
                print("diverged at", t)
                break
        out[lr] = torch.nan_to_num((X @ theta[:, None] - y).square().mean(), nan=math.inf, posinf=math.inf).item()
    return out
