from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    def step(q):
        with torch.no_grad():
            q.add_(q.grad, alpha=-lr)
        q.grad = None

    params = [w0.detach().clone(), b0.detach().clone()]
    trail = []
    for p in params:
        p.requires_grad_()
        p.register_post_accumulate_grad_hook(step)
    losses = []
    trail.append([p.item() for p in params])
    for order in orders:
        losses.append((params[0].detach() * x + params[1].detach() - y).square().mean().item())
        for i in order.tolist():
            (params[0] * x[i] + params[1] - y[i]).square().sum().backward()
            trail.append([p.item() for p in params])
    return History([r[0] for r in trail], [r[1] for r in trail], losses)
