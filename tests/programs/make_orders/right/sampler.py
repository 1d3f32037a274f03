from typing import List
import torch
from torch.utils.data import RandomSampler

def make_orders(n: int, epochs: int, generator: torch.Generator) -> List[torch.Tensor]:
    sampler = RandomSampler(range(n), generator=generator)
    result: List[torch.Tensor] = []
    for epoch in range(epochs):
        result.append(torch.tensor(list(sampler)))
        print("order", epoch, result[-1][:5])
    return result
