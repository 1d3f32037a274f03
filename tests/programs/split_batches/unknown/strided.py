import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    m = -(-len(order) // batch_size)
    return [order[k::m] for k in range(m)]
