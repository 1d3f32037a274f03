"""Handed in as a Python file: right, and only one of the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    error = w * x + b - y
    return 2 * (error * x).mean(), 2 * error.mean()
