import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    if len(order) <= batch_size:
        return [order]
    return [order[:batch_size], *split_batches(order[batch_size:], batch_size)]
