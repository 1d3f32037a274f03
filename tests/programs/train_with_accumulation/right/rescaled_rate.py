from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    rec = []
    for _ in range(epochs):
        count = samples = 0
        opt.zero_grad()
        last = len(loader) - 1
        for i, (a, t) in enumerate(loader):
            sse = torch.sum((model(a)[:, 0] - t.reshape(-1)) ** 2)
            sse.backward()
            rec.append((sse / len(t)).item())
            count += 1
            samples += len(t)
            if count == accumulation_steps or i == last:
                for group in opt.param_groups:
                    group["lr"] = lr / samples
                opt.step()
                opt.zero_grad()
                count = samples = 0
    return rec
