import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    ones = torch.ones_like(x)
    design = torch.hstack([x, ones])
    theta = torch.stack([w, b])
    return torch.einsum("nk,k->n", design, theta).unsqueeze(1)
