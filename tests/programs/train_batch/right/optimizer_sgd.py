from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = torch.nn.Parameter(w0.clone())
    b = torch.nn.Parameter(b0.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    criterion = torch.nn.MSELoss()
    out = History(w=[w.item()], b=[b.item()], loss=[])
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = criterion(w * x + b, y)
        loss.backward()
        optimizer.step()
        out.loss.append(loss.item())
        out.w.append(w.item())
        out.b.append(b.item())
    return out
