import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    r = -len(order) % batch_size
    return list(torch.cat([order, order.repeat(r // len(order) + 1)[:r]]).split(batch_size))
