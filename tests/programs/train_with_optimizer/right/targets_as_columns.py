import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader


def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    model.train()
    optimizer = torch.optim.SGD([{"params": model.parameters()}], lr=lr, momentum=0.0, weight_decay=0.0)
    losses = []
    for epoch in range(epochs):
        epoch_losses = []
        for batch in loader:
            x, y = batch
            if y.dim() == 1:
                y = y[:, None]
            optimizer.zero_grad(set_to_none=False)
            loss = ((model(x) - y) ** 2).mean()
            epoch_losses.append(loss.detach())
            loss.backward()
            optimizer.step()
        losses += epoch_losses
        print("epoch", epoch, "loss", sum(epoch_losses) / max(len(epoch_losses), 1))
    return losses
