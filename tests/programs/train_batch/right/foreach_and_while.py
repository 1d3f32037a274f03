from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    params = [w0.clone(), b0.clone()]
    ws, bs, losses = [params[0].item()], [params[1].item()], []
    epoch = 0
    while epoch < epochs:
        leaves = [p.detach().requires_grad_() for p in params]
        loss = (leaves[0] * x + leaves[1]).sub(y).square().mean()
        grads = torch.autograd.grad(loss, leaves)
        params = list(torch._foreach_sub(params, torch._foreach_mul(grads, lr)))
        losses.append(loss.detach())
        ws.append(params[0].item()); bs.append(params[1].item())
        epoch += 1
    return ws, bs, losses
