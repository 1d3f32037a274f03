import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    X = torch.cat([x, torch.ones_like(x)], dim=1)
    theta = torch.stack([w, b]).unsqueeze(1)
    g = 2 * X.T @ (X @ theta - y) / X.shape[0]
    return g[0, 0], g[1, 0]
