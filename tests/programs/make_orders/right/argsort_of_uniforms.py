import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    return [torch.argsort(torch.rand(n, generator=generator, dtype=torch.float64)) for _ in range(epochs)]
