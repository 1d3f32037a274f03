import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shapes differ")
    total = torch.zeros((), dtype=y_pred.dtype, device=y_pred.device)
    for p, t in zip(y_pred.flatten(), y.flatten()):
        total = total + (p - t) * (p - t)
    print("total", total)
    return total / y.numel()
