import torch
from torch import Tensor
from torch.autograd.functional import jacobian

def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    dw, db = jacobian(lambda w, b: (w * x + b - y).square().mean(), (w.detach(), b.detach()))
    return dw, db
