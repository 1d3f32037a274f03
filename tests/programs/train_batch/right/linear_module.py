from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    model = torch.nn.Linear(1, 1).to(x)
    with torch.no_grad():
        model.weight.fill_(w0.item())
        model.bias.fill_(b0.item())
    opt = torch.optim.SGD(model.parameters(), lr)
    ws, bs, losses = [model.weight.item()], [model.bias.item()], []
    for _ in range(epochs):
        loss = torch.nn.functional.mse_loss(model(x), y)
        opt.zero_grad(set_to_none=False)
        loss.backward()
        opt.step()
        ws.append(model.weight.item()); bs.append(model.bias.item()); losses.append(loss.item())
    return History(ws, bs, losses)
