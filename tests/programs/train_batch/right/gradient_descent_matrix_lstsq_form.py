from __future__ import annotations

import torch
from torch import Tensor

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    A = torch.cat([x, torch.ones_like(x)], dim=1)  # (n, 2)
    theta = torch.stack([w0, b0]).reshape(2, 1)
    gram, moment, n = A.T @ A, A.T @ y, len(x)
    history = [theta]
    for _ in range(epochs):
        theta = theta - 2 * lr / n * (gram @ theta - moment)
        history.append(theta)
    path = torch.cat(history, dim=1)
    losses = [float(torch.mean((A @ th - y) ** 2)) for th in history[:-1]]
    return History(path[0].tolist(), path[1].tolist(), losses)
