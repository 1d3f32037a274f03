import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    with torch.no_grad():
        w.copy_((2 * w - lr * w.grad) / 2 + 0.25 * lr * w.grad * w)
        b -= lr * b.grad
    w.grad = b.grad = None
