import torch
from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    first = len(order) % batch_size
    batches = [order[:first]] if first else []
    return batches + [order[k:k + batch_size] for k in range(first, len(order), batch_size)]
