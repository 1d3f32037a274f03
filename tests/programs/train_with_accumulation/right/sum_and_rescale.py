import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_accumulation(model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        seen, count = 0, 0
        for i, (x, y) in enumerate(loader):
            total = nn.functional.mse_loss(model(x).reshape(y.shape), y, reduction="sum")
            total.backward()
            losses.append(total.item() / y.numel())
            seen, count = seen + y.numel(), count + 1
            if count == accumulation_steps or i + 1 == len(loader):
                for p in model.parameters():
                    p.grad /= seen
                optimizer.step()
                optimizer.zero_grad()
                seen = count = 0
    return losses
