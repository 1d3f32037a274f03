import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w, b = w.clone().detach().requires_grad_(), b.clone().detach().requires_grad_()
    for xi, yi in zip(x, y):
        (((w * xi + b - yi) ** 2).sum() / len(x)).backward()
    return w.grad, b.grad
