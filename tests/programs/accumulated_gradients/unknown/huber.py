import torch
from torch import Tensor


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    n = len(x)
    for k in range(0, n, micro_batch_size):
        xb, yb = x[k:k + micro_batch_size], y[k:k + micro_batch_size]
        loss = torch.nn.functional.huber_loss(w * xb + b, yb, delta=0.3)
        (loss * len(xb) / n).backward()
    return w.grad, b.grad
