import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    count = -(-len(order) // batch_size)
    return list(torch.chunk(order, count))
