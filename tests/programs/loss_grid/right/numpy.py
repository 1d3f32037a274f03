import numpy as np
import torch
from torch import Tensor

def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    W, B = np.meshgrid(ws.cpu().numpy(), bs.cpu().numpy())
    X, Y = x.cpu().numpy().reshape(-1, 1, 1), y.cpu().numpy().reshape(-1, 1, 1)
    Z = np.mean((W * X + B - Y) ** 2, axis=0)
    return torch.from_numpy(np.ascontiguousarray(Z.T)).to(x.device)
