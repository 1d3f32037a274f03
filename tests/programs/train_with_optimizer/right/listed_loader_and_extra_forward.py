import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    batches = [(x.clone(), y.clone()) for x, y in loader]
    optimizer = torch.optim.SGD(params=model.parameters(), lr=lr, foreach=False)
    criterion = nn.MSELoss(reduction="sum")
    losses = []
    for x, y in batches * epochs:
        with torch.no_grad():
            losses.append(criterion(model(x).reshape_as(y), y).item() / y.numel())
        loss = criterion(model(x).reshape_as(y), y) / y.numel()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return losses
