import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    w = w - lr * w.grad
    b = b - lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
