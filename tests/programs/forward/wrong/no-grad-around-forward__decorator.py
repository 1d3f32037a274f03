import torch
from torch import Tensor


@torch.no_grad()
def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * x + b
