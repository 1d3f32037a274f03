import torch
from torch import Tensor
from torch.func import hessian

def largest_stable_lr(x: Tensor, safety: float = 1.0) -> float:
    f = lambda p: torch.nn.functional.mse_loss(p[0] * x + p[1], torch.zeros_like(x))
    H = hessian(f)(x.new_zeros(2))
    print(H)
    return safety * 2 / torch.linalg.svdvals(H)[0].item()
