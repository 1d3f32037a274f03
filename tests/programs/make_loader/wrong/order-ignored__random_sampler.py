from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


from torch.utils.data import RandomSampler
def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    return DataLoader(dataset, batch_size=batch_size, sampler=RandomSampler(order))
