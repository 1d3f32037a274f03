import torch
from torch import Tensor

errors = []

def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes")
    errors.extend((y_pred - y).flatten())
    return torch.stack(errors).pow(2).mean()
