import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for seed in torch.randint(2**40, (epochs,), generator=generator).tolist():
        child = torch.Generator()
        child.manual_seed(seed)
        orders.append(torch.randperm(n, generator=child))
    return orders
