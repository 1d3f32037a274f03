import torch
from torch import Tensor
from torch.utils.data import Dataset


class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    name = "line"

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x = x
        self.y = y

    def __len__(self) -> int:
        return self.x.shape[0]

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.x[index], self.y[index]

    def __getitems__(self, indices):
        return [self[i] for i in indices]

    def plot(self):
        import matplotlib.pyplot as plt
        plt.plot(self.x, self.y, "o")
