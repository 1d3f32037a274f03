import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    return w.grad, b.grad
