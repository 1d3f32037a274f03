from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[i : i + batch_size] for i in range(0, len(order) - batch_size, batch_size)]
