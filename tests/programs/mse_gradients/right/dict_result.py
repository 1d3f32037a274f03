import torch
from torch import Tensor

def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    r = torch.sub(w * x + b, y).mul(2)
    gradient = torch.cat([r * x, r], dim=1).mean(dim=0)
    return torch.unbind(gradient)
