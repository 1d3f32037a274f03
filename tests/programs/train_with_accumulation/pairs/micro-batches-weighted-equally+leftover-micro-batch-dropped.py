import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_accumulation(model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (xb, yb) in enumerate(loader):
            loss = criterion(model(xb).reshape(yb.shape), yb)
            losses.append(loss.item())
            (loss / accumulation_steps).backward()
            if (i + 1) % accumulation_steps == 0:
                optimizer.step()
                optimizer.zero_grad()
    return losses
