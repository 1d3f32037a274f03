import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    w.requires_grad_(False)
    b.requires_grad_(False)
    w -= lr * w.grad
    b -= lr * b.grad
    w.grad = b.grad = None
