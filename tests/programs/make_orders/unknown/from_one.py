import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for epoch in range(epochs):
        orders.append(torch.randperm(n, generator=generator) + 1)
    return orders
