import torch
from torch import Tensor


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    predictions = ws[:, None, None] * x[:, 0] + bs[None, :, None]
    return ((predictions - y[:, 0]) ** 2).mean(dim=-1)
