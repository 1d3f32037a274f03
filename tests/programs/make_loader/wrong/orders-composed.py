from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


from torch.utils.data import Subset
def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    return DataLoader(Subset(dataset, order), batch_size=batch_size, sampler=order)
