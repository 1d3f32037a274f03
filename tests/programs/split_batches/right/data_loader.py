import torch
from torch import Tensor
from torch.utils.data import DataLoader

torch.set_default_dtype(torch.float64)

def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return list(DataLoader(order, batch_size=batch_size))
