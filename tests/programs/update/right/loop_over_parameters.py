import torch
from torch import Tensor

@torch.no_grad()
def update(w: Tensor, b: Tensor, lr: float) -> None:
    for p in (w, b):
        p.add_(p.grad, alpha=-lr)
        p.grad = torch.zeros_like(p)
    print("updated", w.item(), b.item())
