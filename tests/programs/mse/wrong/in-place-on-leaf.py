import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    y_pred -= y
    error = y_pred
    loss = (error ** 2).mean()
    return loss
