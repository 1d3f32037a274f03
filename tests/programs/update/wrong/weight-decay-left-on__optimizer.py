import torch
from torch import Tensor

def update(w: Tensor, b: Tensor, lr: float) -> None:
    optimizer = torch.optim.SGD([w, b], lr=lr, weight_decay=1e-4)
    optimizer.step()
    optimizer.zero_grad()
