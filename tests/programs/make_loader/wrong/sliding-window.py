from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Subset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    return DataLoader(dataset, batch_sampler=[list(order[k:k + batch_size]) for k in range(len(order))])
