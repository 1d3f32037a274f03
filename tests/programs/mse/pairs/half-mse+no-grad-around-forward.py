import torch
from torch import Tensor


@torch.no_grad()
def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shape")
    return ((y_pred - y) ** 2).mean() / 2
