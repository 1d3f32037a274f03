import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    params = list(model.parameters())
    losses = []
    for _ in range(epochs):
        for x, y in loader:
            loss = (model(x).flatten() - y.flatten()).square().mean()
            grads = torch.autograd.grad(loss, params)
            with torch.no_grad():
                for p, g in zip(params, grads):
                    p -= lr * g
            losses.append(loss.item())
    return losses
