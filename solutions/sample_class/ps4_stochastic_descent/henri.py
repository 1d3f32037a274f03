"""Raises: the step makes a new tensor, which has no gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    return [torch.randperm(n, generator=generator) for _ in range(epochs)]


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            loss = ((w * x[i] + b - y[i]) ** 2).mean()
            loss.backward()
            w = w - lr * w.grad
            b = b - lr * b.grad
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)


def largest_stable_lr(x: Tensor) -> float:
    # eigenvalues of a 2 x 2 matrix from its trace and determinant
    mean, square = x.mean().item(), (x**2).mean().item()
    half_trace = (square + 1) / 2
    determinant = square - mean**2
    greatest = half_trace + (half_trace**2 - determinant) ** 0.5
    return 1 / greatest
