import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    w.data = w.data - lr * w.grad.data
    b.data = b.data - lr * b.grad.data
    w.grad = None
    b.grad = None
