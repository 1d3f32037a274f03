import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    y_pred = torch.nn.functional.linear(x, w.float().reshape(1, 1), b.float().reshape(1))
    loss = ((y_pred - y) ** 2).mean()
    loss.backward()
    return w.grad, b.grad
