import torch
from torch import Tensor


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    sxx, sx, sxy = (x * x).mean(), x.mean(), (x * y).mean()
    sy, syy = y.mean(), (y * y).mean()
    w, b = ws.view(-1, 1), bs.view(1, -1)
    return w * w * sxx + b * b + syy + 2 * w * b * sx - 2 * w * sxy - 2 * b * sy
