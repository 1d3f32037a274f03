"""Right: torch.optim, a DataLoader over the batches, torch.autograd.grad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graders import History

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor


def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    batches = []
    while len(order) > 0:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return batches


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    from torch.utils.data import DataLoader, TensorDataset

    line = torch.nn.Linear(1, 1, dtype=x.dtype, device=x.device)
    with torch.no_grad():
        line.weight.fill_(w0)
        line.bias.fill_(b0)
    optimizer = torch.optim.SGD(line.parameters(), lr=lr)
    history = History([line.weight.item()], [line.bias.item()], [])
    for order in orders:
        loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, sampler=order.tolist())
        losses, sizes = [], []
        for inputs, targets in loader:
            loss = torch.nn.functional.mse_loss(line(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            sizes.append(len(inputs))
            history.w.append(line.weight.item())
            history.b.append(line.bias.item())
        history.loss.append(sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes))
    return history


def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    w, b = w.detach().requires_grad_(), b.detach().requires_grad_()
    gradient = torch.zeros(2, dtype=x.dtype, device=x.device)
    for start in range(0, len(x), micro_batch_size):
        piece = slice(start, start + micro_batch_size)
        squares = ((w * x[piece] + b - y[piece]) ** 2).sum()
        gradient += torch.stack(torch.autograd.grad(squares, (w, b)))
    return gradient[0] / len(x), gradient[1] / len(x)
