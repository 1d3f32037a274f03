import torch
from torch import Tensor, optim

def update(w: Tensor, b: Tensor, lr: float) -> None:
    optimizer = optim.SGD([w, b], lr=lr)
    optimizer.step()
    optimizer.zero_grad()
