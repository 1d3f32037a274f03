import numpy as np
import torch
from torch import Tensor

def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    xs, ys = x.cpu().numpy().ravel(), y.cpu().numpy().ravel()
    e = w.item() * xs + b.item() - ys
    dw = 2 * np.dot(e, xs) / xs.size
    db = 2 * np.average(e)
    return torch.tensor(dw, dtype=w.dtype, device=w.device), torch.tensor(db, dtype=w.dtype, device=w.device)
