import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    result = []
    for i in range(x.shape[0]):
        result.append(w * x[i, 0] + b)
    return torch.stack(result).reshape(-1, 1)
