from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


class Sized:
    def __len__(self) -> int:
        return self.n
class LineDataset(Sized, Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.n, self.pairs = len(x), torch.utils.data.TensorDataset(x, y)
    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.pairs[index]
