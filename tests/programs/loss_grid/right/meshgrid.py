import torch
from torch import Tensor


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    W, B = torch.meshgrid(ws, bs, indexing="ij")
    loss = torch.zeros_like(W)
    for xi, yi in zip(x, y):
        loss += (W * xi + B - yi) ** 2
    return loss / len(x)
