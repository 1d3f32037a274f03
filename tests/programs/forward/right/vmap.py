import torch
from torch import Tensor
from torch.func import vmap

torch.set_grad_enabled(True)

def forward(x: Tensor, w: Tensor, b: Tensor, scale: float = 1.0) -> Tensor:
    return vmap(lambda xi: scale * w * xi + b)(x)
