import math

from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return list(order.tensor_split(math.ceil(len(order) / batch_size)))
