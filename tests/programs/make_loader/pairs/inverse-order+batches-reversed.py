from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    inv = torch.tensor(list(order)).argsort().split(batch_size)
    return DataLoader(dataset, batch_sampler=[t.tolist() for t in inv][::-1])
