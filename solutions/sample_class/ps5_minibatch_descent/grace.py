"""Wrong: equal parts instead of full batches; the mean divides by batch_size also where the batch is smaller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    count = -(-len(order) // batch_size)
    return list(torch.chunk(order, count))


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            error = w * x[batch] + b - y[batch]
            total += (error**2).sum().item()
            dw = 2 * (error * x[batch]).sum() / batch_size
            db = 2 * error.sum() / batch_size
            w, b = w - lr * dw, b - lr * db
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / len(order))
    return History(ws, bs, losses)


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    x, y = x[:micro_batch_size], y[:micro_batch_size]
    error = w.detach() * x + b.detach() - y
    return 2 * (error * x).mean(), 2 * error.mean()
