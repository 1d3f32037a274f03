from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.clone()], [b.clone()], []
    for order in orders:
        xs, ys = x[order], y[order]
        total = torch.zeros_like(w)
        for xb, yb in zip(xs.split(batch_size), ys.split(batch_size)):
            r = torch.addcmul(b - yb, w, xb)
            total += r.square().sum()
            w.sub_((r * xb).mean(), alpha=2 * lr)
            b.sub_(r.mean(), alpha=2 * lr)
            ws.append(w.clone())
            bs.append(b.clone())
        losses.append(total / len(xs))
    return History(ws, bs, losses)
