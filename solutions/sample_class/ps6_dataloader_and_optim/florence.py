"""Wrong: the loader shuffles by itself; squeezed predictions are broadcast against a column."""

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
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss_function = nn.MSELoss()
    losses = []
    for _ in range(epochs):
        for features, targets in loader:
            predictions = model(features).squeeze()
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
    loss_function = nn.MSELoss()
    losses = []
    for _ in range(epochs):
        batches = list(loader)
        for start in range(0, len(batches), accumulation_steps):
            group = batches[start : start + accumulation_steps]
            samples = sum(len(targets) for _, targets in group)
            optimizer.zero_grad()
            for features, targets in group:
                loss = loss_function(model(features).reshape(targets.shape), targets)
                losses.append(loss.item())
                (loss * len(targets) / samples).backward()
            optimizer.step()
    return losses
