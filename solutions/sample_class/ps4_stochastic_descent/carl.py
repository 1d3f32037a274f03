"""Right: torch.optim on one sample at a time, argsort, NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    orders = []
    for _ in range(epochs):
        orders.append(torch.rand(n, generator=generator).argsort())
    return orders


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w = torch.nn.Parameter(w0.clone())
    b = torch.nn.Parameter(b0.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    ws, bs, losses = [w.detach().clone()], [b.detach().clone()], []
    for order in orders:
        losses.append(torch.nn.functional.mse_loss(w * x + b, y).detach())
        for inputs, targets in zip(x[order], y[order]):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(w * inputs + b, targets).backward()
            optimizer.step()
            ws.append(w.detach().clone())
            bs.append(b.detach().clone())
    return History([v.item() for v in ws], [v.item() for v in bs], [v.item() for v in losses])


def largest_stable_lr(x: Tensor) -> float:
    values = x.detach().cpu().double().numpy().ravel()
    hessian = np.array([[2 * np.mean(values**2), 2 * np.mean(values)], [2 * np.mean(values), 2.0]])
    return float(2 / max(np.linalg.eigvalsh(hessian)))
