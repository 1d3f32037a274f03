import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    w.detach().add_(-lr * w.grad)
    b.detach().add_(-lr * b.grad)
    w.grad *= 0
    b.grad *= 0
