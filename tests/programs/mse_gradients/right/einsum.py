import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    r = torch.addcmul(b - y, w, x)
    both = torch.einsum("ni,nj->ij", r, torch.hstack((x, x.new_ones(x.shape)))) * 2 / len(r)
    return tuple(both[0])
