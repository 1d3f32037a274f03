import torch
from torch import Tensor
from torch.func import grad

def loss_of(theta, x, y):
    w, b = theta
    return torch.mean((x * w + b - y) ** 2)

def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    return grad(loss_of)((w.detach(), b.detach()), x, y)
