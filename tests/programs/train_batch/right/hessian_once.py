import torch
import torch.nn.functional as F
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    f = lambda t: F.mse_loss(t[0] * x + t[1], y)
    t0 = torch.stack([w0, b0])
    hess = torch.autograd.functional.hessian(f, t0)
    g = torch.func.grad(f)(t0)
    t, rows, losses = t0, [t0], []
    for _ in range(epochs):
        losses.append(f(t).item())
        t = t - lr * (g + hess @ (t - t0))
        rows.append(t)
    return History([r[0].item() for r in rows], [r[1].item() for r in rows], losses)
