import torch
from typing import Iterator, Sequence
from torch.utils.data import DataLoader, Dataset, Sampler

class InOrder(Sampler[int]):
    def __init__(self, order):
        self.order = tuple(int(i) for i in order)

    def __iter__(self) -> Iterator[int]:
        print("a new pass")
        yield from self.order

    def __len__(self) -> int:
        return len(self.order)

def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int], workers: int = 0) -> DataLoader:
    return DataLoader(dataset, batch_size=batch_size, sampler=InOrder(order), drop_last=False, num_workers=workers)
