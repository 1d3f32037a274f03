import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for epoch in range(epochs):
        orders.append(torch.randint(0, n, (n,), generator=generator))
    return orders
