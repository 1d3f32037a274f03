import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    todo = order.tolist()
    batches = []
    while todo:
        batches.append(torch.tensor(todo[:batch_size]))
        todo = todo[batch_size:]
    return batches
