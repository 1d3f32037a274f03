from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    f = nn.MSELoss(reduction="sum")
    for epoch in range(epochs):
        tot = 0
        for x, y in loader:
            opt.zero_grad()
            l = f(model(x).reshape(y.shape), y)
            l.backward()
            opt.step()
            tot += l.item()
        losses.append(tot / len(loader))
    return losses
