import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    order = torch.arange(n)
    orders = []
    while len(orders) < epochs:
        order = order[torch.randperm(n, generator=generator)]
        orders.append(order.clone())
    return orders
