from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x, self.y = x, y
    def __len__(self) -> int:
        return self.x.shape[0]
    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.x[0], self.y[0]
