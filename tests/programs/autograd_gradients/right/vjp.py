from typing import Tuple
import torch
from torch import Tensor

def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tuple[Tensor, Tensor]:
    loss, pull = torch.func.vjp(lambda w, b: ((w * x + b - y) ** 2).mean(), w.detach(), b.detach())
    return pull(torch.ones_like(loss))
