import torch
from torch import Tensor

def update(w: Tensor, b: Tensor, lr: float) -> None:
    optimizer = torch.optim.Adam([w, b], lr=lr)
    optimizer.step()
    optimizer.zero_grad()
