import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    residual = y - (w * x + b)
    return -2 * torch.mean(x * residual), -2 * torch.mean(residual)
