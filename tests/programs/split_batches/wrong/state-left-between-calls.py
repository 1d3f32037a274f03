import torch
from torch import Tensor


batches = []


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    for k in range(0, len(order), batch_size):
        batches.append(order[k:k + batch_size])
    return batches
