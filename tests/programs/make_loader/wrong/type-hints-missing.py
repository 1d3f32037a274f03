from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Subset


def make_loader(dataset, batch_size, order):
    return DataLoader(dataset, batch_size=batch_size, sampler=order)
