import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for epoch in range(10):
        orders.append(torch.randperm(n, generator=generator))
    return orders
