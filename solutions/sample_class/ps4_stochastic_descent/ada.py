"""Right: autograd sample by sample, and a full answer."""

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
            w.grad.zero_()
            b.grad.zero_()
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)


def largest_stable_lr(x: Tensor) -> float:
    z = torch.cat([x, torch.ones_like(x)], dim=1)
    hessian = 2 * z.T @ z / len(x)
    return 2 / torch.linalg.eigvalsh(hessian).max().item()


why_sgd_explodes = """\
`largest_stable_lr(x)` gives 0.12, so batch descent at 0.1 is stable, but only for the *mean* of all samples. For the
first sample alone, `largest_stable_lr(x[:1])` is 1/26 = 0.038: a step of 0.1 is almost three times too long there.

One update multiplies the sample's own error by 1 - 0.2 (x² + 1). At x = -5 this is -4.2, at x = 2 it is 0, at x = 4.9
it is -4.0. It grows wherever |x| > 3. The samples come in order, so twenty of these follow each other at both ends of
an epoch, and the factors multiply to several millions.

The sixty samples in the middle shrink the error to the size of the noise again, so every epoch climbs from about the
same height to about the same height. float64 gives the same height as float32, so rounding isn't the reason."""
