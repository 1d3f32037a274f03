import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    x *= slope
    x += intercept
    return x + noise
