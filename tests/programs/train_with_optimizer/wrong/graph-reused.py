import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    losses = []
    for epoch in range(epochs):
        for xb, yb in loader:
            y_hat = model(xb).reshape(yb.shape)
            loss = criterion(y_hat, yb)
            optimizer.zero_grad()
            loss.backward()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
