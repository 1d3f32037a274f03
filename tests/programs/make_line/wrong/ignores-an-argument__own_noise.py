import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    y = slope * x + intercept + torch.randn_like(x)
    return y
