import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return list(torch.chunk(order, batch_size))
