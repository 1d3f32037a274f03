import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[i * batch_size:(i + 1) * batch_size] for i in range(len(order) // batch_size)]
