from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from graders import History


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    n = x.shape[0]
    K = -(-n // batch_size)
    pad = K * batch_size - n
    w, b = w0.clone(), b0.clone()
    path, losses = [torch.stack([w, b])], []
    mask = torch.cat([torch.ones(n), torch.zeros(pad)]).view(K, batch_size).to(x)
    for order in orders:
        xs = F.pad(x[order, 0], (0, pad)).view(K, batch_size)
        ys = F.pad(y[order, 0], (0, pad)).view(K, batch_size)
        total = x.new_zeros(())
        for k in range(K):
            r = (w * xs[k] + b - ys[k]) * mask[k]
            m = mask[k].sum()
            total += (r * r).sum()
            w, b = w - 2 * lr * (r * xs[k]).sum() / m, b - 2 * lr * r.sum() / m
            path.append(torch.stack([w, b]))
        losses.append((total / n).item())
    P = torch.stack(path)
    return History(P[:, 0].tolist(), P[:, 1].tolist(), losses)
