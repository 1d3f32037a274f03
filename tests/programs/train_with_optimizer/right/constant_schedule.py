import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1.0)
    losses, epoch = [], 0
    while epoch < epochs:
        for i, (x, y) in enumerate(loader):
            optimizer.zero_grad()
            out = model(x)
            assert out.shape == (len(x), 1)
            loss = nn.functional.mse_loss(out[:, 0], y.reshape(-1), reduction="mean")
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
        epoch += 1
    return losses
