import torch
from torch import Tensor

from functools import lru_cache

seen = []

def largest_stable_lr(x: Tensor) -> float:
    seen.append(x)
    X = torch.cat([torch.cat(seen), torch.ones_like(torch.cat(seen))], dim=1)
    H = 2 * X.T @ X / len(X)
    return 2 / torch.linalg.eigvalsh(H).max().item()
