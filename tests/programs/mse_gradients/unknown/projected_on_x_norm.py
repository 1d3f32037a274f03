import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    e = w * x + b - y
    return 2 * (e * x).mean() / x.norm(), 2 * e.mean()
