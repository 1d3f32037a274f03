import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for _ in range(epochs):
        parts = [p[torch.randperm(len(p), generator=generator)] for p in torch.arange(n).split(5)]
        orders.append(torch.cat(parts))
    return orders
