import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if len(y_pred) != len(y):
        raise ValueError("shapes differ")
    error = y_pred - y
    loss = (error ** 2).mean()
    return loss
