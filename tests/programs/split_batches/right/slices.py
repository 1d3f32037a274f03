import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    n = order.numel()
    return [order[i * batch_size:(i + 1) * batch_size] for i in range(-(-n // batch_size))]
