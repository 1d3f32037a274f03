import torch
from torch import Tensor
from torch.nn import Parameter

torch.set_grad_enabled(False)

def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        p, q = Parameter(w.detach().clone()), Parameter(b.detach().clone())
        torch.nn.MSELoss()(torch.addcmul(q, x, p), y).backward()
    return p.grad, q.grad
