import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    assert y_pred.shape == y.shape
    error = y_pred - y
    loss = (error ** 2).mean()
    return loss
