import torch
from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    out = []
    for _ in range(epochs):
        torch.manual_seed(0)
        out.append(torch.randperm(n))
    return out
