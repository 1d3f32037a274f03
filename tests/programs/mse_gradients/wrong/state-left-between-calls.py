import torch
from torch import Tensor

class Total:
    dw = 0.0
    db = 0.0

total = Total()

def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    error = w * x + b - y
    total.dw += 2 * (error * x).mean()
    total.db += 2 * error.mean()
    return total.dw, total.db
