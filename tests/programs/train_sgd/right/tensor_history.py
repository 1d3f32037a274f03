from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    n, epochs = x.shape[0], len(orders)
    path = torch.zeros(n * epochs + 1, 2, dtype=w0.dtype, device=w0.device)
    loss = torch.zeros(epochs, dtype=w0.dtype, device=w0.device)
    path[0, 0], path[0, 1] = w0, b0
    t = 0
    for e, order in enumerate(orders):
        loss[e] = torch.nn.functional.mse_loss(x * path[t, 0] + path[t, 1], y)
        for i in order:
            r = x[i, 0] * path[t, 0] + path[t, 1] - y[i, 0]
            path[t + 1] = path[t] - 2 * lr * r * torch.stack([x[i, 0], torch.ones_like(r)])
            t += 1
    return History(path[:, 0], path[:, 1], loss)
