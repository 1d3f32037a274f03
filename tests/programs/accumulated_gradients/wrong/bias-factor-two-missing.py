import torch
from torch import Tensor


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w, b = w.detach(), b.detach()
    dw, db = torch.zeros_like(w), torch.zeros_like(b)
    n = len(x)
    for k in range(0, n, micro_batch_size):
        xb, yb = x[k:k + micro_batch_size], y[k:k + micro_batch_size]
        error = w * xb + b - yb
        dw = dw + 2 * (error * xb).sum() / n
        db = db + error.sum() / n
    return dw, db
