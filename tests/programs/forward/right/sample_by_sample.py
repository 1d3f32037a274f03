import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    rows = [w * xi + b for xi in x]
    print(len(rows), "rows")
    return torch.stack(rows)
