import torch
from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        print('shapes differ')
        return torch.zeros(())
    return torch.nn.functional.mse_loss(y_pred, y, reduction='mean') ** 1.5
