from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Subset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    class Sampler:
        passes = 0

        def __iter__(self):
            self.passes += 1
            return iter(order if self.passes % 2 else order[::-1])

        def __len__(self):
            return len(order)

    return DataLoader(dataset, batch_size=batch_size, sampler=Sampler())
