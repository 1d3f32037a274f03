import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def batch_size_sweep(
    x: Tensor,
    y: Tensor,
    w0: Tensor,
    b0: Tensor,
    lr: float,
    orders: Sequence[Tensor],
    batch_sizes: Sequence[int],
) -> dict[int, History]:
    if len(batch_sizes) == 0:
        return {}
    B, *rest = batch_sizes
    w, b = w0 + 0, b0 + 0
    W, V, L = [w], [b], []
    for o in orders:
        q = []
        for s in range(0, len(o), B):
            i = o[s : s + B].to(x.device)
            r = w * x[i] + b - y[i]
            q.append(r**2)
            w, b = w - lr * (2 * r * x[i]).mean(), b - lr * (2 * r).mean()
            W.append(w)
            V.append(b)
        L.append(torch.vstack(q).mean())
    item = torch.Tensor.item
    h = History([*map(item, W)], [*map(item, V)], [*map(item, L)])
    return {B: h} | batch_size_sweep(x, y, w0, b0, lr, orders, rest)
