import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def learning_rate_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int
) -> dict[float, float]:
    found = {}
    for rate in lrs:
        w, b = w0, b0
        for _ in range(epochs):
            r = w * x + b - y
            w, b = w - rate * 2 * (r * x).mean(), b - rate * 2 * r.mean()
        last = (w * x + b - y).square().mean().item()
        found[rate] = last if not last > 1e12 else math.inf
    return found
