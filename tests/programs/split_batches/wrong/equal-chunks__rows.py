import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    count = (len(order) + batch_size - 1) // batch_size
    return [c for c in torch.chunk(order, chunks=count, dim=0)]
