import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w.grad = None
    b.grad = None
    p, q = w.detach().requires_grad_(), b.detach().requires_grad_()
    return torch.autograd.grad(((p * x + q - y) ** 2).mean(), (p, q))
