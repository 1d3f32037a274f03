import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    out = []
    for _ in range(epochs):
        order = torch.arange(n)
        m = n // 2
        order[:m] = order[:m][torch.randperm(m, generator=generator)]
        out.append(order)
    return out
