import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    with torch.no_grad():
        b -= lr * b.grad
    w.grad.zero_()
