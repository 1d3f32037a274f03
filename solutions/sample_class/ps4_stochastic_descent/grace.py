"""Wrong: the generator is not used; the bias is stepped with the new weight; a Hessian without the bias."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    return [torch.randperm(n) for _ in range(epochs)]


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w, b = w0.clone(), b0.clone()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            w = w - lr * 2 * (w * x[i, 0] + b - y[i, 0]) * x[i, 0]
            b = b - lr * 2 * (w * x[i, 0] + b - y[i, 0])
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)


def largest_stable_lr(x: Tensor) -> float:
    return 2 / (2 * (x**2).mean()).item()
