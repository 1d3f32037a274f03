import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    mean = y_pred.new_zeros(())
    for k, (p, t) in enumerate(zip(y_pred.reshape(-1), y.reshape(-1)), start=1):
        mean = mean + ((p - t) ** 2 - mean) / k
    return mean
