import torch
import torch.nn.functional as F
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    kind = dict(dtype=torch.float64, device=x.device)
    Z = torch.cat((x, torch.ones_like(x)), 1).to(**kind)
    lam, V = torch.linalg.eigh(2 * Z.T @ Z / len(Z))
    pull = V.T @ (2 * Z.T @ y.to(**kind)).squeeze(1) / len(Z)
    u = V.T @ torch.stack((w0, b0)).to(**kind)
    history: list[list[float]] = []
    losses: list[float] = []
    while True:
        theta = V @ u
        history.append(theta.tolist())
        if len(history) == epochs + 1:
            break
        losses.append(F.mse_loss(Z @ theta, y.to(**kind)[:, 0]).item())
        u = u - lr * (lam * u - pull)
    w, b = map(list, zip(*history))
    return History(w, b, losses)
