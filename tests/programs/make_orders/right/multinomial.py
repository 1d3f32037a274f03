import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    weights = torch.ones(n)
    return [torch.multinomial(weights, n, replacement=False, generator=generator) for _ in range(epochs)]
