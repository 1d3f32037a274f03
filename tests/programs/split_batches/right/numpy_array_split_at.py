import numpy as np
import torch
from torch import Tensor

def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    pieces = np.split(order.numpy(), range(batch_size, len(order), batch_size))
    return [torch.from_numpy(piece).clone() for piece in pieces]
