import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_accumulation(model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss(reduction='sum')
    losses = []
    for epoch in range(epochs):
        batches = list(loader)
        for start in range(0, len(batches), accumulation_steps):
            group = batches[start:start + accumulation_steps]
            total = sum(len(yb) for xb, yb in group)
            optimizer.zero_grad()
            for xb, yb in group:
                loss = criterion(model(xb).reshape(yb.shape), yb)
                losses.append(loss.item())
                (loss * len(yb) / total).backward()
            optimizer.step()
    return losses
