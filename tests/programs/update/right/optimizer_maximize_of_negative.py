import torch
from torch import Tensor

def update(w: Tensor, b: Tensor, lr: float) -> None:
    w.grad.neg_()
    b.grad.neg_()
    optimizer = torch.optim.SGD([{"params": [w]}, {"params": [b]}], lr=lr, maximize=True)
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
