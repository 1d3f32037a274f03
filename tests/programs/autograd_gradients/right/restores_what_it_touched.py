import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    needs = w.requires_grad, b.requires_grad
    kept = w.grad, b.grad
    w.requires_grad_(), b.requires_grad_()
    w.grad = b.grad = None
    ((w * x + b - y) ** 2).mean().backward()
    result = w.grad, b.grad
    w.grad, b.grad = kept
    w.requires_grad_(needs[0]), b.requires_grad_(needs[1])
    return result
