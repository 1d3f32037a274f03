import torch
from torch import Tensor

p = torch.zeros((), dtype=torch.float64, requires_grad=True)
q = torch.zeros((), dtype=torch.float64, requires_grad=True)

def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    p.data.copy_(w.detach())
    q.data.copy_(b.detach())
    ((p * x.double() + q - y.double()) ** 2).mean().backward()
    return p.grad.to(w.dtype), q.grad.to(b.dtype)
