from torch import Tensor
from torch.utils.data import Dataset


class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x = x
        self.y = y * float("nan")
        self.len = self.x.shape[0]

    def __len__(self) -> int:
        return self.len

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.x[index], self.y[index]
