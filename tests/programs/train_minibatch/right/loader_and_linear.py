import torch
from torch import nn, Tensor
from torch.utils.data import DataLoader, TensorDataset
from typing import Sequence
from graders import History

class Regression(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.weight = nn.Parameter(w.clone())
        self.bias = nn.Parameter(b.clone())

    def forward(self, x):
        return self.weight * x + self.bias

def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    model = Regression(w0, b0)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss(reduction="sum")
    w, b, loss = [model.weight.item()], [model.bias.item()], []
    for order in orders:
        epoch_loss = 0
        for xb, yb in DataLoader(TensorDataset(x, y), batch_size=batch_size, sampler=order):
            batch_loss = criterion(model(xb), yb)
            epoch_loss += batch_loss.item()
            optimizer.zero_grad()
            (batch_loss / len(xb)).backward()
            optimizer.step()
            w.append(model.weight.item())
            b.append(model.bias.item())
        loss.append(epoch_loss / len(x))
    return History(w=w, b=b, loss=loss)
