import torch
from torch import Tensor


def largest_stable_lr(x: Tensor) -> float:
    def loss(theta):
        return ((theta[0] * x + theta[1]) ** 2).mean()

    H = torch.autograd.functional.hessian(loss, torch.zeros(2, dtype=x.dtype, device=x.device))
    return 2.0 / torch.linalg.eigvals(H).real.max().item()
