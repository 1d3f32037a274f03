import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    inv = torch.argsort(order)
    return [inv[k * batch_size : (k + 1) * batch_size] for k in range(len(order) // batch_size)]
