"""Right: a Subset in the given order, unsqueezed targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence


class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.samples = list(zip(x, y))

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.samples[index]


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    from torch.utils.data import Subset

    return DataLoader(Subset(dataset, order), batch_size, shuffle=False)


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    model.train()
    losses = torch.zeros(0)
    for _ in range(epochs):
        for x, y in loader:
            if y.dim() == 1:
                y = y.unsqueeze(1)
            loss = criterion(model(x), y)
            model.zero_grad()
            loss.backward()
            optimizer.step()
            losses = torch.cat([losses.to(loss), loss.detach().reshape(1)])
    return losses.tolist()


def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        group = []
        for number, batch in enumerate(loader):
            group.append(batch)
            if len(group) == accumulation_steps or number == len(loader) - 1:
                total, count = 0.0, 0
                for x, y in group:
                    errors = (model(x).reshape(-1) - y.reshape(-1)) ** 2
                    losses.append(errors.mean().item())
                    total, count = total + errors.sum(), count + len(errors)
                optimizer.zero_grad()
                (total / count).backward()
                optimizer.step()
                group = []
    return losses
