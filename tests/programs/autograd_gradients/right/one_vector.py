import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    theta = torch.tensor([w.item(), b.item()], dtype=w.dtype, device=w.device, requires_grad=True)
    loss = (theta[0] * x + theta[1] - y).pow(2).sum() / y.numel()
    (g,) = torch.autograd.grad(loss, [theta])
    return g[0], g[1]
