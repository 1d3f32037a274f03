import torch
from torch import Tensor
from torch.utils.data import Dataset


class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    samples: list[tuple[Tensor, Tensor]] = []

    def __init__(self, x: Tensor, y: Tensor) -> None:
        for xi, yi in zip(x, y):
            self.samples.append((xi, yi))

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.samples[index]
