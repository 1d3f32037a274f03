import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    parts = list(order.split(batch_size))
    if len(parts) > 1 and len(parts[-1]) < batch_size:
        tail = parts.pop()
        parts[-1] = torch.cat([parts[-1], tail])
    return parts
