"""Wrong: the caller's own tensors collect the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    error = w * x + b - y
    return 2 * (error * x).mean(), 2 * error.mean()


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w.requires_grad_()
    b.requires_grad_()
    ((w * x + b - y) ** 2).mean().backward()  # type: ignore[no-untyped-call]
    assert w.grad is not None
    assert b.grad is not None
    return w.grad, b.grad


def update(w: Tensor, b: Tensor, lr: float) -> None:
    assert w.grad is not None
    assert b.grad is not None
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
