from __future__ import annotations
import typing
import torch
from torch.utils import data

def stack(samples):
    xs, ys = zip(*samples)
    return torch.stack(xs), torch.stack(ys)

def make_loader(dataset: data.Dataset, batch_size: int, order: typing.Sequence[int]) -> data.DataLoader:
    torch.manual_seed(0)
    sampler = data.BatchSampler(list(order), batch_size, drop_last=False)
    return data.DataLoader(dataset, batch_sampler=sampler, collate_fn=stack)
