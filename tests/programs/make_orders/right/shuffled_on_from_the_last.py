import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders, current = [], torch.arange(n)
    for _ in range(epochs):
        current = current[torch.randperm(n, generator=generator)]
        orders.append(current)
    return orders
