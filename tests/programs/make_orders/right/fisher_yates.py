import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for _ in range(epochs):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = int(torch.randint(0, i + 1, (1,), generator=generator))
            order[i], order[j] = order[j], order[i]
        orders.append(torch.tensor(order, dtype=torch.long))
    return orders
