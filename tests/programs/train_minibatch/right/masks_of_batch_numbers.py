from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    position = torch.empty(len(x), dtype=torch.long)
    w, b = w0, b0
    W, B, L = [w.item()], [b.item()], []
    for order in orders:
        position[order] = torch.arange(len(order))
        which = (position // batch_size).to(x.device)
        acc = torch.zeros((), dtype=x.dtype, device=x.device)
        for k in range(int(which.max()) + 1):
            mask = (which == k).unsqueeze(1)
            r = torch.where(mask, w * x + b - y, torch.zeros_like(x))
            m = mask.sum()
            acc = acc + r.square().sum()
            w, b = w - 2 * lr * (r * x).sum() / m, b - 2 * lr * r.sum() / m
            W.append(w.item())
            B.append(b.item())
        L.append((acc / len(x)).item())
    return History(W, B, L)
