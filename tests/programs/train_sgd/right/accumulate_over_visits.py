from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


from itertools import accumulate, chain


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    u, v = x[:, 0].double(), y[:, 0].double()
    visits = torch.cat(list(orders)).tolist() if len(orders) else []
    def move(p, i):
        e = p[0] * u[i] + p[1] - v[i]
        return p - 2 * lr * e * torch.stack([u[i], torch.ones_like(u[i])])
    trail = torch.stack(list(accumulate(visits, move, initial=torch.stack([w0, b0]).double())))
    loss = [torch.mean((trail[k * len(u), 0] * u + trail[k * len(u), 1] - v) ** 2).item() for k in range(len(orders))]
    return History(trail[:, 0].tolist(), trail[:, 1].tolist(), loss)
