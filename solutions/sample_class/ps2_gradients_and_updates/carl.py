"""Right: torch.func and torch.optim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    error = w * x + b - y
    return 2 * (error * x).mean(), 2 * error.mean()


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    def loss(w: Tensor, b: Tensor) -> Tensor:
        return ((w * x + b - y) ** 2).mean()

    dw, db = torch.func.grad(loss, argnums=(0, 1))(w.detach(), b.detach())
    return dw, db


def update(w: Tensor, b: Tensor, lr: float) -> None:
    optimizer = torch.optim.SGD([w, b], lr=lr)
    optimizer.step()
    optimizer.zero_grad()
