import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    r = len(order) % batch_size
    a = torch.arange(len(order))
    return ([a[:r]] if r else []) + list(a[r:].split(batch_size)) if len(order) > r else [a]
