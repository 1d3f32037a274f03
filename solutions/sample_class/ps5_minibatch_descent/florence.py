"""Wrong: the loss of an epoch is the plain mean of its batch losses; so is the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    return list(order.split(batch_size))


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        batch_losses = []
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            loss = ((w * x[batch] + b - y[batch]) ** 2).mean()
            loss.backward()
            batch_losses.append(loss.item())
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            w.grad = None
            b.grad = None
            ws.append(w.item())
            bs.append(b.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return History(ws, bs, losses)


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    pieces = list(zip(x.split(micro_batch_size), y.split(micro_batch_size)))
    for inputs, targets in pieces:
        loss = ((w * inputs + b - targets) ** 2).mean() / len(pieces)
        loss.backward()
    return w.grad, b.grad
