import torch
from torch import Tensor

def predict(x, w, b):
    return w * x + b

def loss_slope(p, y):
    return 2 * (p - y) / p.numel()

def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, check: bool = False) -> tuple[Tensor, Tensor]:
    slope = loss_slope(predict(x, w, b), y)
    dw, db = (slope * x).sum(), slope.sum()
    if check:
        assert torch.isfinite(dw)
    return dw, db
