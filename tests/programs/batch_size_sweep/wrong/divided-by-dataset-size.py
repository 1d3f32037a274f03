from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def batch_size_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_sizes: Sequence[int]) -> dict[int, History]:
    histories = {}
    for size in batch_sizes:
        w = torch.nn.Parameter(w0.clone())
        b = torch.nn.Parameter(b0.clone())
        optimizer = torch.optim.SGD([w, b], lr=lr)
        ws, bs, losses = [w.item()], [b.item()], []
        for order in orders:
            running = 0.0
            for batch in order.split(size):
                optimizer.zero_grad()
                loss = ((w * x[batch] + b - y[batch]) ** 2).sum() / len(order)
                running += loss.item() * len(batch)
                loss.backward()
                optimizer.step()
                ws.append(w.item())
                bs.append(b.item())
            losses.append(running / len(order))
        histories[size] = History(ws, bs, losses)
    return histories
