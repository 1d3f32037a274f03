import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    y_pred = w * x + b
    loss = ((y_pred - y) ** 2).sum() / 2
    loss.backward()
    return w.grad, b.grad
