from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    parts = list(order.split(batch_size))
    return parts[:-1]
