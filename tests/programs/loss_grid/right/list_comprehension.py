import torch
from torch import Tensor


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    rows = [[torch.mean((x * w + b - y) ** 2).item() for b in bs] for w in ws]
    print(len(rows), "rows")
    return torch.tensor(rows, dtype=x.dtype, device=x.device)
