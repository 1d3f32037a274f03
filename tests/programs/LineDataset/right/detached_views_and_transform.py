import torch
from collections.abc import Callable
from torch import Tensor
from torch.utils.data import Dataset

class LineDataset(Dataset["tuple[Tensor, Tensor]"]):
    def __init__(self, x: "Tensor", y: "Tensor", transform: Callable | None = None) -> None:
        self.x, self.y, self.transform = x.detach(), y.detach(), transform

    def __len__(self) -> int:
        return self.x.__len__()

    def __getitem__(self, index: int) -> "tuple[Tensor, Tensor]":
        sample = self.x.select(0, index), self.y.select(0, index)
        return sample if self.transform is None else self.transform(sample)
