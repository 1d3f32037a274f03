"""Wrong: gradients are never cleared."""

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
        with torch.no_grad():
            losses.append(((w * x + b - y) ** 2).mean().item())
        for i in order:
            loss = ((w * x[i] + b - y[i]) ** 2).mean()
            loss.backward()
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)


def largest_stable_lr(x: Tensor) -> float:
    z = torch.cat([x, torch.ones_like(x)], dim=1)
    hessian = 2 * z.T @ z / len(x)
    return 2 / torch.linalg.eigvalsh(hessian).max().item()


why_sgd_explodes = """\
float32 can't hold such large numbers, so the loss is wrong after some epochs. With float64 SGD would converge."""
