from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Subset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    return DataLoader(dataset, batch_size=batch_size, shuffle=True)
