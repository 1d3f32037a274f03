import torch
from torch import Tensor


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    squares = (w * x + b - y) ** 2
    for part in squares.split(micro_batch_size):
        (part.sum() / len(x)).backward()
    return w.grad, b.grad
