from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    batches = [list(order[i : i + batch_size]) for i in range(0, len(order) - batch_size, batch_size)]
    return DataLoader(dataset, batch_sampler=batches)
