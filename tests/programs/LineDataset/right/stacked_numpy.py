import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x_shape, self.y_shape = x.shape[1:], y.shape[1:]
        self.xs, self.ys = x.cpu().numpy().copy(), y.cpu().numpy().copy()

    def __len__(self) -> int:
        return len(self.xs)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return torch.as_tensor(self.xs[index]).reshape(self.x_shape), torch.as_tensor(self.ys[index]).reshape(self.y_shape)
