import torch
from torch import Tensor


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_(True)
    b = b.detach().clone().requires_grad_(True)
    for xb, yb in zip(x.split(micro_batch_size), y.split(micro_batch_size)):
        torch.nn.functional.mse_loss(w * xb + b, yb, reduction="sum").backward()
    return w.grad / y.numel(), b.grad / y.numel()
