from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[i : i + batch_size] for i in range(len(order) - batch_size + 1)]
