import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    # (1 - x) * b + x * (w + b)
    return torch.lerp(b.expand_as(x), (w + b).expand_as(x), x)
