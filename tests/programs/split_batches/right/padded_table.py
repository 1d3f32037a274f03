import math

import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    count = math.ceil(order.numel() / batch_size)
    table = torch.full((count * batch_size,), -1, dtype=order.dtype)
    table[: order.numel()] = order
    return [row[row >= 0] for row in table.view(count, batch_size)]
