from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        data = list(loader)
        groups = [data[i : i + accumulation_steps] for i in range(0, len(data), accumulation_steps)]
        if len(groups) > 1 and len(groups[-1]) < accumulation_steps:
            tail = groups.pop()
            groups[-1] = groups[-1] + tail
        for g in groups:
            opt.zero_grad()
            n = sum(len(y) for _, y in g)
            for x, y in g:
                l = nn.functional.mse_loss(model(x).reshape(y.shape), y)
                (l * len(y) / n).backward()
                losses.append(l.item())
            opt.step()
    return losses
