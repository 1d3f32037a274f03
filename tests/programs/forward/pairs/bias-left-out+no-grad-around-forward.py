import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    with torch.no_grad():
        return w * x
