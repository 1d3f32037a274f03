import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    with torch.no_grad():
        w *= 1 - lr * w.grad
        b *= 1 - lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
