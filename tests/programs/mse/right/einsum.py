import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    r = (y_pred - y).flatten()
    return torch.einsum("i,i->", r, r) / len(r)
