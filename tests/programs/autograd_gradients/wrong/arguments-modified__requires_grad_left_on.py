import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w.requires_grad_()
    b.requires_grad_()
    loss = ((w * x + b - y) ** 2).mean()
    return torch.autograd.grad(loss, (w, b))
