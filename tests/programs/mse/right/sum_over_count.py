import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    n = 1
    for size in y.shape:
        n *= size
    return torch.square(y - y_pred).sum() / n
