import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    return ((y_pred - y) ** 2).mean() / 2
