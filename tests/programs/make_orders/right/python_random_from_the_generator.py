import random
import torch
from torch import Generator, Tensor

def make_orders(n: int, epochs: int, generator: Generator, start: int = 0) -> "list[Tensor]":
    orders = []
    for _ in range(epochs):
        seed = torch.empty((), dtype=torch.int64).random_(generator=generator).item()
        numbers = list(range(start, start + n))
        random.Random(seed).shuffle(numbers)
        orders.append(torch.LongTensor(numbers))
    return orders
