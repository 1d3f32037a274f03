"""Raises: the step changes a leaf while autograd watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    error = w * x + b - y
    return 2 * (error * x).mean(), 2 * error.mean()


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    loss = ((w * x + b - y) ** 2).mean()
    dw, db = torch.autograd.grad(loss, (w, b))
    return dw, db


def update(w: Tensor, b: Tensor, lr: float) -> None:
    w -= lr * w.grad  # type: ignore[operator]
    b -= lr * b.grad  # type: ignore[operator]
    w.grad = None
    b.grad = None
