from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


from torch.utils.data import TensorDataset
class LineDataset(TensorDataset):
    def __init__(self, x: Tensor, y: Tensor) -> None:
        TensorDataset.__init__(self, x, y)
