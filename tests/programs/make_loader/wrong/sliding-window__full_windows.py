from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    batches = [list(order[i : i + batch_size]) for i in range(len(order) - batch_size + 1)]
    return DataLoader(dataset, batch_sampler=batches)
