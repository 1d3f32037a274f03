import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def loss_grid(x: "torch.Tensor", y: "torch.Tensor", ws: "torch.Tensor", bs: "torch.Tensor") -> "torch.Tensor":
    if len(ws) == 1:
        return torch.stack([(ws[0] * x + b - y).square().mean() for b in bs])[None]
    half = len(ws) // 2
    return torch.cat([loss_grid(x, y, ws[:half], bs), loss_grid(x, y, ws[half:], bs)])
