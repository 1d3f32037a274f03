"""Wrong: the smaller batch is dropped; momentum is left on; the group left over makes no update."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence


class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x = x
        self.y = y

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.x[index], self.y[index]


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    return DataLoader(dataset, batch_size=batch_size, sampler=order, drop_last=True)


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    loss_function = nn.MSELoss()
    losses = []
    for _ in range(epochs):
        for features, targets in loader:
            predictions = model(features).reshape(targets.shape)
            loss = loss_function(predictions, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        for number, (features, targets) in enumerate(loader, start=1):
            loss = nn.functional.mse_loss(model(features).reshape(targets.shape), targets)
            losses.append(loss.item())
            (loss / accumulation_steps).backward()
            if number % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
    return losses
