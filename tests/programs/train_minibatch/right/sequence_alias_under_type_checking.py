from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn as nn

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence as Seq

    Tensor = torch.Tensor


def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Seq[Tensor], batch_size: int) -> History:
    def snapshot():
        ws.append(p["w"].item()); bs.append(p["b"].item())

    p = nn.ParameterDict({"w": w0.clone(), "b": b0.clone()})
    ws: list[float] = []
    bs: list[float] = []
    loss: list[float] = []
    snapshot()
    for order in orders:
        loss.append(0.0)
        for j, start in enumerate(range(0, order.shape[0], batch_size)):
            sel = order.narrow(0, start, min(batch_size, order.shape[0] - start))
            l = nn.functional.mse_loss(p["w"] * x[sel] + p["b"], y[sel])
            p.zero_grad()
            l.backward()
            with torch.no_grad():
                for q in p.parameters():
                    q.sub_(lr * q.grad)
            snapshot()
            loss[-1] += l.item() * sel.shape[0] / order.shape[0]
    return History(ws, bs, loss)
