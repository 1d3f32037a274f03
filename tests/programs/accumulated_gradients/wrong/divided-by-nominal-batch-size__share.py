import torch.nn.functional as F
from torch import Tensor, nn


def accumulated_gradients(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int
) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    total = len(x)
    done = 0
    while done < total:
        xm, ym = x[done:done + micro_batch_size], y[done:done + micro_batch_size]
        share = micro_batch_size / total
        loss = share * F.mse_loss(w * xm + b, ym)
        loss.backward()
        done += len(xm)
    return w.grad, b.grad
