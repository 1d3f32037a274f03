from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=lr, momentum=0.5, nesterov=True)
    criterion = torch.nn.MSELoss()
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        losses.append(criterion(w * x + b, y).item())
        for i in order:
            loss = criterion(w * x[i] + b, y[i])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            ws.append(w.item())
            bs.append(b.item())
    return History(ws, bs, losses)
