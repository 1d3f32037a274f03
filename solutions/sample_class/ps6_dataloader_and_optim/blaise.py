"""Right: a TensorDataset, view_as, sums divided at the end of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence


class LineDataset(torch.utils.data.TensorDataset):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__(x, y)

    def __len__(self) -> int:
        return super().__len__()

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return super().__getitem__(index)


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    batches = [list(order[start : start + batch_size]) for start in range(0, len(order), batch_size)]
    return DataLoader(dataset, batch_sampler=batches)


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr)
    optimizer.zero_grad()
    losses: list[float] = []
    for _ in range(epochs):
        for features, targets in loader:
            loss = nn.functional.mse_loss(model(features).view_as(targets), targets)
            losses.append(float(loss))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
    return losses


def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses: list[float] = []
    samples = 0

    def update() -> None:
        for parameter in model.parameters():
            parameter.grad /= samples
        optimizer.step()
        optimizer.zero_grad()

    optimizer.zero_grad()
    for _ in range(epochs):
        samples = 0
        for number, (features, targets) in enumerate(loader, start=1):
            squares = ((model(features).view_as(targets) - targets) ** 2).sum()
            squares.backward()
            losses.append(squares.item() / len(targets))
            samples += len(targets)
            if number % accumulation_steps == 0:
                update()
                samples = 0
        if samples:
            update()
    return losses
