import torch
from torch import Tensor


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    grid = torch.zeros(len(ws), len(bs), dtype=x.dtype, device=x.device)
    for i, w in enumerate(ws):
        for j, b in enumerate(bs):
            error = w * x - b - y
            grid[i, j] = (error ** 2).mean()
    return grid
