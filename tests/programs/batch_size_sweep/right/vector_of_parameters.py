from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def batch_size_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_sizes: Sequence[int]) -> dict[int, History]:
    design = torch.cat([x, torch.ones_like(x)], 1)
    answers = {}
    for B in batch_sizes:
        theta = torch.stack([w0, b0]).reshape(2, 1)
        thetas, losses = [theta], []
        for order in orders:
            X, Y = design[order], y[order]
            squares = torch.zeros((), dtype=x.dtype, device=x.device)
            for start in range(0, len(order), B):
                Xb, Yb = X[start:start + B], Y[start:start + B]
                residual = Xb @ theta - Yb
                squares = squares + (residual * residual).sum()
                theta = theta - lr * 2 / len(Xb) * Xb.T @ residual
                thetas.append(theta)
            losses.append(squares / len(order))
        path = torch.hstack(thetas)
        answers[B] = History(path[0].tolist(), path[1].tolist(), torch.stack(losses).tolist() if losses else [])
    return answers
