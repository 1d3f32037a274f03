from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    k = len(order) // batch_size
    return DataLoader(dataset, batch_sampler=[list(order[i * batch_size : (i + 1) * batch_size]) for i in reversed(range(k))])
