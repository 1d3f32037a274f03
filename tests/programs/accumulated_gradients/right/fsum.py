import torch
from torch import Tensor


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    import math
    parts_w, parts_b = [], []
    for k in range(0, len(x), micro_batch_size):
        for xi, yi in zip(x[k:k + micro_batch_size].flatten().tolist(), y[k:k + micro_batch_size].flatten().tolist()):
            r = w.item() * xi + b.item() - yi
            parts_w.append(r * xi)
            parts_b.append(r)
    make = dict(dtype=w.dtype, device=w.device)
    return torch.tensor(2 * math.fsum(parts_w) / len(x), **make), torch.tensor(2 * math.fsum(parts_b) / len(x), **make)
