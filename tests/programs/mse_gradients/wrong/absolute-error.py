import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    error = w * x + b - y
    dw = (error.sign() * x).mean()
    db = error.sign().mean()
    return dw, db
