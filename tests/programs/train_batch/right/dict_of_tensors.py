from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = w0.clone(); b = b0.clone()
    W = torch.empty(epochs + 1, 1, dtype=x.dtype, device=x.device); B = torch.empty_like(W)
    L = torch.empty(epochs, dtype=x.dtype, device=x.device)
    W[0], B[0] = w, b
    for t in range(epochs):
        e = x * w + b - y
        L[t] = e.pow(2).mean()
        w = w - lr * (2 * e * x).mean()
        b = b - lr * (2 * e).mean()
        W[t + 1], B[t + 1] = w, b
    return {"loss": L, "w": W, "b": B}
