import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    new_w = w.detach() - lr * w.grad
    new_b = b.detach() - lr * b.grad
    with torch.no_grad():
        w.copy_(new_w)
        b.copy_(new_b)
        del w.grad, b.grad
