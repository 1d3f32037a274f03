import torch
import torch.nn.functional as F
from torch import Tensor, nn


from torch.func import grad, vmap


def accumulated_gradients(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int
) -> tuple[Tensor, Tensor]:
    n = len(x)
    k = -(-n // micro_batch_size)
    pad = k * micro_batch_size - n
    xs = F.pad(x[:, 0], (0, pad)).view(k, -1)
    ys = F.pad(y[:, 0], (0, pad)).view(k, -1)
    mask = F.pad(torch.ones_like(x[:, 0]), (0, pad)).view(k, -1)
    share = lambda p, u, v, m: (m * (p[0] * u + p[1] - v) ** 2).sum() / n
    g = vmap(grad(share), in_dims=(None, 0, 0, 0))(torch.stack([w.detach(), b.detach()]), xs, ys, mask)
    dw, db = g.sum(0)
    return dw, db
