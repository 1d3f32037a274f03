import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    loss = ((w.detach() * x + b.detach() - y) ** 2).mean()
    return torch.autograd.grad(loss, (w, b))
