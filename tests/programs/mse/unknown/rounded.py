import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    return torch.round(((y_pred - y) ** 2).mean(), decimals=5)
