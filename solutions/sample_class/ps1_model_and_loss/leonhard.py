"""Handed in as a Python file: right, and only two of the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * x + b


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError(f"shapes differ: {tuple(y_pred.shape)} and {tuple(y.shape)}")
    return ((y_pred - y) ** 2).mean()
