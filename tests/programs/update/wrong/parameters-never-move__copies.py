import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    copies = [w.detach().clone(), b.detach().clone()]
    copies[0] -= lr * w.grad
    copies[1] -= lr * b.grad
    w.grad = b.grad = None
