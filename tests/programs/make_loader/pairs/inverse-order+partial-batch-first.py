from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    inv = sorted(range(len(order)), key=lambda i: order[i])
    r = len(inv) % batch_size
    b = ([inv[:r]] if r else []) + [inv[i : i + batch_size] for i in range(r, len(inv), batch_size)]
    return DataLoader(dataset, batch_sampler=b)
