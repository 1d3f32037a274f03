import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    w.data.fill_(w.item() - lr * w.grad.item())
    b.data.fill_(b.item() - lr * b.grad.item())
    w.grad, b.grad = None, None
