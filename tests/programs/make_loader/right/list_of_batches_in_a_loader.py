from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Subset


def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    class Reordered(Dataset):
        def __len__(self):
            return len(order)

        def __getitem__(self, place):
            return dataset[order[place]]

    return DataLoader(Reordered(), batch_size=batch_size)
