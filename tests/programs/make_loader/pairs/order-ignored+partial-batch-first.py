from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    n = len(order)
    r = n % batch_size
    cuts = ([0] if r else []) + list(range(r, n, batch_size))
    stops = cuts[1:] + [n]
    return DataLoader(dataset, batch_sampler=[list(range(a, b)) for a, b in zip(cuts, stops)])
