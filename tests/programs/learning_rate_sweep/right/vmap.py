import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


from torch.func import vmap, grad
def learning_rate_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int
) -> dict[float, float]:
    if len(lrs) == 0:
        return {}
    def loss(p):
        return torch.nn.functional.mse_loss(p[0] * x + p[1], y)
    def end(rate):
        p = torch.stack((w0, b0))
        for _ in range(epochs):
            p = p - rate * grad(loss)(p)
        return loss(p)
    ends = vmap(end)(x.new_tensor(lrs))
    return {r: (v if v < math.inf else math.inf) for r, v in zip(lrs, ends.tolist())}
