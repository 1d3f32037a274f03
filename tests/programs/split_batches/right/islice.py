from itertools import islice
import torch
from torch import Tensor, LongTensor

def split_batches(order: Tensor, batch_size: int) -> "list[Tensor]":
    stream = iter(order)
    result = []
    while batch := list(islice(stream, batch_size)):
        result.append(torch.stack(batch))
        print("batch of", len(batch))
    return result
