from torch import Tensor


BATCH_SIZE = 7


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[i : i + BATCH_SIZE] for i in range(0, len(order), BATCH_SIZE)]
