import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    with torch.no_grad():
        w -= lr * b.grad
        b -= lr * w.grad
    w.grad.zero_()
    b.grad.zero_()
