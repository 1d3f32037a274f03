from typing import Annotated, TypeAlias
import torch

Tensor: TypeAlias = torch.Tensor

def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    """A line with noise."""
    y = torch.full_like(x, float(intercept))
    y.addcmul_(x, torch.full((1, 1), slope, dtype=x.dtype, device=x.device))
    return noise.add(y)
