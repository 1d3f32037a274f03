from __future__ import annotations
import itertools
import statistics
import torch
from torch import Tensor
from typing import Sequence, NamedTuple
from graders import History

torch.set_default_dtype(torch.float64)

def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int, *, log: bool = False) -> History:
    points = list(zip(x.reshape(-1).tolist(), y.reshape(-1).tolist()))
    w, b = w0.item(), b0.item()
    ws, bs, losses = [w], [b], []
    for order in orders:
        squares = []
        stream = iter(order.tolist())
        while batch := list(itertools.islice(stream, batch_size)):
            errors = [w * points[i][0] + b - points[i][1] for i in batch]
            squares += [r * r for r in errors]
            dw = 2 * statistics.fmean(r * points[i][0] for r, i in zip(errors, batch))
            db = 2 * statistics.fmean(errors)
            w, b = w - lr * dw, b - lr * db
            ws.append(w)
            bs.append(b)
        losses.append(statistics.fmean(squares))
        if log:
            print(losses[-1])
    return History(ws, bs, losses)
