import torch
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    n = x.numel()
    Z = torch.hstack([x, torch.ones_like(x)])
    H = 2 * Z.mT @ Z / n
    c = 2 * Z.mT @ y / n
    top = torch.hstack([torch.eye(2, dtype=x.dtype, device=x.device) - lr * H, lr * c])
    M = torch.vstack([top, torch.tensor([[0, 0, 1]], dtype=x.dtype, device=x.device)])
    start = torch.stack([w0, b0, torch.ones_like(w0)])
    states = torch.stack([torch.linalg.matrix_power(M, t) @ start for t in range(epochs + 1)])
    ws, bs = states[:, 0], states[:, 1]
    loss = ((x * ws[:-1] + bs[:-1] - y) ** 2).mean(dim=0)
    return History(ws.tolist(), bs.tolist(), loss.tolist())
