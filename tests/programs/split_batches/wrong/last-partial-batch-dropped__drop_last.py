import torch
from torch import Tensor
from torch.utils.data import BatchSampler

def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [torch.tensor(batch) for batch in BatchSampler(order.tolist(), batch_size, drop_last=True)]
