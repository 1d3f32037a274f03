import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    ws = torch.linspace(-1, 1, len(ws)).to(bs)
    return ((ws[:, None, None] * x[:, 0] + bs[None, :, None] - y[:, 0]) ** 2).mean(2)
