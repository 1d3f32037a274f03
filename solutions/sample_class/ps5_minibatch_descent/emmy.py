"""Wrong: the last, smaller batch is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    count = len(order) // batch_size
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(count)]


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        squares, seen = 0.0, 0
        for k in range(len(order) // batch_size):
            batch = order[k * batch_size : (k + 1) * batch_size]
            error = w * x[batch] + b - y[batch]
            squares += (error**2).sum().item()
            seen += len(batch)
            w, b = w - lr * 2 * (error * x[batch]).mean(), b - lr * 2 * error.mean()
            ws.append(w.item())
            bs.append(b.item())
        losses.append(squares / seen if seen else 0.0)
    return History(ws, bs, losses)


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    for start in range(0, len(x), micro_batch_size):
        inputs, targets = x[start : start + micro_batch_size], y[start : start + micro_batch_size]
        loss = ((w * inputs + b - targets) ** 2).mean()
        (loss * len(inputs) / len(x)).backward()
    return w.grad, b.grad
