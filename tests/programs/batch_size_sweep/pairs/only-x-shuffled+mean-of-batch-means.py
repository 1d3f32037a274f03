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
    result = {}
    for B in batch_sizes:
        w = w0.clone().requires_grad_(True)
        b = b0.clone().requires_grad_(True)
        ws, bs, losses = [w.item()], [b.item()], []
        for order in orders:
            running = 0.0
            for start in range(0, len(order), B):
                idx = order[start : start + B].to(x.device)
                xb, yb = x[idx], y[start : start + B]
                loss = ((w * xb + b - yb) ** 2).mean()
                loss.backward()
                running += loss.item()
                with torch.no_grad():
                    w -= lr * w.grad
                    b -= lr * b.grad
                w.grad.zero_()
                b.grad.zero_()
                ws.append(w.item())
                bs.append(b.item())
            losses.append(running / math.ceil(len(x) / B))
        result[B] = History(ws, bs, losses)
    return result
