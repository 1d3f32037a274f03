import torch
from torch import Tensor


def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    rows = []
    for xi, ei in zip(x.flatten().tolist(), noise.flatten().tolist()):
        rows.append([slope * xi + intercept + ei])
    return torch.tensor(rows, dtype=x.dtype, device=x.device)
