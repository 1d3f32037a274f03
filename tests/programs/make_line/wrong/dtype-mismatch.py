import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    y = x @ torch.tensor([[slope]]) + intercept + noise
    return y
