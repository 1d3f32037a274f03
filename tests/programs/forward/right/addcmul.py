import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.addcmul(b.expand_as(x), x, w.expand_as(x))
