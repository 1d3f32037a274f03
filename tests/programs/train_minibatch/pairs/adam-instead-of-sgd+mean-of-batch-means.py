from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    params = [w0.clone().requires_grad_(), b0.clone().requires_grad_()]
    opt = torch.optim.Adam(params, lr=lr)
    mse = nn.MSELoss()
    history = History([params[0].item()], [params[1].item()], [])
    for order in orders:
        batch_losses, counts = [], []
        for k in range(0, len(order), batch_size):
            idx = order[k:k + batch_size].to(x.device)
            pred = params[0] * x[idx] + params[1]
            loss = mse(pred, y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            batch_losses.append(loss.item())
            counts.append(len(idx))
            history.w.append(params[0].item())
            history.b.append(params[1].item())
        history.loss.append(sum(batch_losses) / len(batch_losses))
    return history
