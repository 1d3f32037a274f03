import numpy as np
import torch
from torch import Tensor
torch.manual_seed(1)

def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    rng = np.random.default_rng(torch.randint(2**31, (1,), generator=generator).item())
    return [torch.from_numpy(rng.permutation(n)).long() for _ in range(epochs)]
