import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    def loss(w, b):
        return ((w * x + b - y) ** 2).mean()

    w, b = w.detach(), b.detach()
    one, zero = torch.ones_like(w), torch.zeros_like(b)
    dw = torch.func.jvp(loss, (w, b), (one, zero))[1]
    db = torch.func.jvp(loss, (w, b), (zero, one))[1]
    return dw, db
