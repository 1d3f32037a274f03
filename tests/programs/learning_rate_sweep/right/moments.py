import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def learning_rate_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int
) -> dict[float, float]:
    # the loss of a line needs only five numbers of the data
    mx, my = x.mean(), y.mean()
    xc, yc = x - mx, y - my
    sxx, sxy, syy = (xc * xc).mean(), (xc * yc).mean(), (yc * yc).mean()
    answer = {}
    for lr in lrs:
        w, b = w0.clone(), b0.clone()
        for _ in range(epochs):
            mean_error = w * mx + b - my
            w, b = w - 2 * lr * (w * sxx - sxy + mean_error * mx), b - 2 * lr * mean_error
        d = w * mx + b - my
        loss = (((w * xc - yc) + d) ** 2).mean()
        answer[lr] = loss.item() if loss.isfinite().item() else float("inf")
    return answer
