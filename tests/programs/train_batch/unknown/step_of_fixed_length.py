import torch
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    X = torch.cat([x, torch.ones_like(x)], dim=1)
    theta = torch.stack([w0, b0]).reshape(2, 1)
    path = [theta]
    losses = []
    for epoch in range(epochs):
        r = X @ theta - y
        losses.append((r.T @ r / len(x)).item())
        grad = 2 * X.T @ r / len(x)
        theta = theta - lr * grad / grad.norm()
        path.append(theta)
    path = torch.stack(path).squeeze(-1)
    return History(path[:, 0].tolist(), path[:, 1].tolist(), losses)
