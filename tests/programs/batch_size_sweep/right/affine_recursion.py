import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graders import History


def batch_size_sweep(
    x: Tensor,
    y: Tensor,
    w0: Tensor,
    b0: Tensor,
    lr: float,
    orders: Sequence[Tensor],
    batch_sizes: Sequence[int],
) -> dict[int, History]:
    answers = {}
    for B in batch_sizes:
        state = torch.stack((w0, b0)).clone()
        states, losses = [state], []
        for o in orders:
            se = x.new_zeros(())
            for k in o.to(x.device).split(B):
                A = torch.cat((x[k], torch.ones_like(x[k])), 1)
                se = se + torch.sum((A @ state - y[k, 0]) ** 2)
                H = 2 / len(k) * A.mT @ A
                c = 2 / len(k) * A.mT @ y[k, 0]
                state = state - lr * (H @ state - c)
                states.append(state)
            losses.append((se / len(x)).item())
        W, b_ = torch.stack(states).unbind(1)
        answers[B] = History(W.tolist(), b_.tolist(), losses)
    return answers
