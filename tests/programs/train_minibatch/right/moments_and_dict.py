from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    w, b = w0.double(), b0.double()
    xd, yd = x.double(), y.double()
    record = dict(w=[w], b=[b], loss=[])
    for order in orders:
        sizes, batch_losses = [], []
        for start in range(0, order.numel(), batch_size):
            i = order[start:start + batch_size]
            xb, yb = xd[i], yd[i]
            sxx, sx, sy, sxy = (xb * xb).mean(), xb.mean(), yb.mean(), (xb * yb).mean()
            batch_losses.append(((yb - w * xb - b) ** 2).mean())
            sizes.append(len(i))
            w, b = w - 2 * lr * (w * sxx + b * sx - sxy), b - 2 * lr * (w * sx + b - sy)
            record["w"].append(w)
            record["b"].append(b)
        weights = torch.tensor(sizes, dtype=torch.float64, device=x.device)
        record["loss"].append(torch.stack(batch_losses) @ weights / weights.sum())
    return record
