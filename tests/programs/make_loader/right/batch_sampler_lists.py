from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Subset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    order = list(order)
    batches = [order[k:k + batch_size] for k in range(0, len(order), batch_size)]
    return DataLoader(dataset, batch_sampler=batches)
