import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    out = torch.empty_like(x)
    out[:] = x * w
    out += b
    return out
