"""Right: torch.optim and nn.functional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from matplotlib.figure import Figure

from graders import History

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = torch.nn.Parameter(w0.clone())
    b = torch.nn.Parameter(b0.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    history = History([w.item()], [b.item()], [])
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(w * x + b, y)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        history.loss.append(loss.item())
        history.w.append(w.item())
        history.b.append(b.item())
    return history


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    figure = Figure()
    axes = figure.add_subplot()
    for name, values in losses.items():
        axes.plot(range(len(values)), list(values), label=name)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.legend()
    return figure
