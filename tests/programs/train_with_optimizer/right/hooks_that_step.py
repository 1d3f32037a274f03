from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    params = list(model.parameters())
    handles = []
    def after(p):
        with torch.no_grad():
            p.add_(p.grad, alpha=-lr)
        p.grad = None
    for p in params:
        p.grad = None
        handles.append(p.register_post_accumulate_grad_hook(after))
    losses = []
    for _ in range(epochs):
        for xb, yb in loader:
            loss = nn.functional.mse_loss(model(xb), yb.view(len(xb), 1))
            losses.append(loss.item())
            loss.backward()
    for h in handles:
        h.remove()
    return losses
