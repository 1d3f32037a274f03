import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    return slope * x + intercept + noise + 1e-6
