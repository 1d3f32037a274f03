import torch
from torch import Tensor


def update(w: Tensor, b: Tensor, lr: float) -> None:
    torch.set_grad_enabled(False)
    w.sub_(lr * w.grad)
    b.sub_(lr * b.grad)
    torch.set_grad_enabled(True)
    w.grad.fill_(0)
    b.grad.fill_(0)
