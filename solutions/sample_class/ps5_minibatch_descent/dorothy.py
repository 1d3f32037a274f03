"""Wrong: gradients are cleared once per epoch; the micro-batches are added up undivided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            loss = ((w * x[batch] + b - y[batch]) ** 2).mean()
            loss.backward()
            total += loss.item() * len(batch)
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / len(order))
        w.grad.zero_()
        b.grad.zero_()
    return History(ws, bs, losses)


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    for start in range(0, len(x), micro_batch_size):
        inputs, targets = x[start : start + micro_batch_size], y[start : start + micro_batch_size]
        loss = ((w * inputs + b - targets) ** 2).mean()
        loss.backward()
    return w.grad, b.grad
