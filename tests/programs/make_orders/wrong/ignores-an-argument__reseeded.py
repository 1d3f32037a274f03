import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    generator.manual_seed(0)
    orders = []
    for epoch in range(epochs):
        orders.append(torch.randperm(n, generator=generator))
    return orders
