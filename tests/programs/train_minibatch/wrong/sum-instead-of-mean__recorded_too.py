from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=lr)
    criterion = torch.nn.MSELoss(reduction='sum')
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        running = 0.0
        for batch in order.split(batch_size):
            loss = criterion(w * x[batch] + b, y[batch])
            running += loss.item() * len(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            ws.append(w.item())
            bs.append(b.item())
        losses.append(running / len(order))
    return History(ws, bs, losses)
