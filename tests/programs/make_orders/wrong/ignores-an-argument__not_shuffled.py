import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    return [torch.arange(n) for _ in range(epochs)]
