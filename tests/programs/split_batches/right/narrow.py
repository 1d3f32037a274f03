import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    result, start = [], 0
    while start < order.shape[0]:
        length = min(batch_size, order.shape[0] - start)
        result.append(order.narrow(0, start, length))
        start += length
    return result
