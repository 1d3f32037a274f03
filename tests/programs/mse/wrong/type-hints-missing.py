import torch
from torch import Tensor


def mse(y_pred, y):
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    error = y_pred - y
    loss = (error ** 2).mean()
    return loss
