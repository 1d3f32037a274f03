import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    y = w * x + b
    return 2 * y - y.detach()
