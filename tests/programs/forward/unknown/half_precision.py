import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return (w.bfloat16() * x.bfloat16() + b.bfloat16()).to(x.dtype)
