import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    bs = torch.linspace(-5, 5, len(bs)).to(ws)
    return ((ws[:, None, None] * x[:, 0] + bs[None, :, None] - y[:, 0]) ** 2).mean(2)
