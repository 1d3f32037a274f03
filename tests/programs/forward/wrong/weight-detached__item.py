import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    y_pred = w.item() * x + b
    return y_pred
