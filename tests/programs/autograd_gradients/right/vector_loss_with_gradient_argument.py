import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w_, b_ = w.data.clone(), b.data.clone()
    w_.requires_grad = True
    b_.requires_grad = True
    squares = (w_ * x + b_ - y) ** 2
    squares.backward(gradient=torch.full_like(squares, 1 / squares.numel()))
    return w_.grad, b_.grad
