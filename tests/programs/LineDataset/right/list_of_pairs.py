import torch
from torch import Tensor
from torch.utils.data import Dataset


class LineDataset(Dataset):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__()
        self.samples = [(xi, yi) for xi, yi in zip(x, y)]

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.samples[index]
