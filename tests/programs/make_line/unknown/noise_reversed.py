import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    y = slope * x + intercept + noise.flip(0)
    return y
