import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * x * (1 + 1e-6) + b
