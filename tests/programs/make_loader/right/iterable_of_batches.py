from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


from torch.utils.data import IterableDataset
from itertools import islice
class Batches(IterableDataset):
    def __init__(self, dataset, size, order):
        self.args = dataset, size, list(order)
    def __iter__(self):
        dataset, size, order = self.args
        walk = iter(order)
        while group := tuple(islice(walk, size)):
            pairs = [dataset[i] for i in group]
            yield [torch.stack(column) for column in zip(*pairs)]
def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    return DataLoader(Batches(dataset, batch_size, order), batch_size=None)
