"""Raises: backward walks through the losses of earlier batches again."""

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
            total = total + ((w * x[batch] + b - y[batch]) ** 2).sum()
            total.backward()
            with torch.no_grad():
                w -= lr * w.grad / len(batch)
                b -= lr * b.grad / len(batch)
            w.grad.zero_()
            b.grad.zero_()
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total.item() / len(order))
    return History(ws, bs, losses)


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w, b = w.detach(), b.detach()
    dw, db = torch.zeros_like(w), torch.zeros_like(b)
    for inputs, targets in zip(x.split(micro_batch_size), y.split(micro_batch_size)):
        error = w * inputs + b - targets
        dw = dw + 2 * (error * inputs).sum() / len(x)
        db = db + 2 * error.sum() / len(x)
    return dw, db
