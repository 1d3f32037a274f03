import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    xs, r = x.view(-1), (w * x + b - y).view(-1)
    n = r.numel()
    return torch.dot(r, xs) * 2 / n, torch.dot(r, torch.ones_like(r)) * 2 / n
