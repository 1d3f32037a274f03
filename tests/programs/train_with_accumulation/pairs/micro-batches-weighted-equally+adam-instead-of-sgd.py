from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    f = nn.MSELoss()
    for _ in range(epochs):
        data = list(loader)
        for i in range(0, len(data), accumulation_steps):
            part = data[i : i + accumulation_steps]
            opt.zero_grad()
            for x, y in part:
                l = f(model(x).reshape(y.shape), y)
                (l / len(part)).backward()
                losses.append(l.item())
            opt.step()
    return losses
