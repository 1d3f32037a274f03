from __future__ import annotations
import torch
from torch.utils.data import BatchSampler
from typing import List

def split_batches(order: torch.Tensor, batch_size: int, drop_last: bool = False) -> List[torch.Tensor]:
    return [torch.as_tensor(indices) for indices in BatchSampler(order.tolist(), batch_size, drop_last)]
