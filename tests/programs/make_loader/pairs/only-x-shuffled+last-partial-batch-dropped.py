from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


from torch.utils.data import TensorDataset
def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    xs = torch.stack([dataset[i][0] for i in order])
    ys = torch.stack([dataset[i][1] for i in range(len(order))])
    return DataLoader(TensorDataset(xs, ys), batch_size=batch_size, drop_last=True)
