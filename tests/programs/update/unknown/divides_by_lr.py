import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    with torch.no_grad():
        w -= w.grad / lr
        b -= b.grad / lr
    w.grad.zero_()
    b.grad.zero_()
