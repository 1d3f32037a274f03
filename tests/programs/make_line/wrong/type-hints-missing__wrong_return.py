import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> float:
    y = slope * x + intercept + noise
    return y
