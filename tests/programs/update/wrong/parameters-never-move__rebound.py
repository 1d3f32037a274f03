import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    with torch.no_grad():
        w = w - lr * w.grad
        b = b - lr * b.grad
    w.grad = None
    b.grad = None
