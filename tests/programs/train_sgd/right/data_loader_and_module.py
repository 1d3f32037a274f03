from __future__ import annotations
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from typing import TYPE_CHECKING
from graders import History

if TYPE_CHECKING:
    from typing import Sequence
    from torch import Tensor

def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    model = nn.Linear(1, 1).to(x)
    nn.init.constant_(model.weight, w0.item())
    nn.init.constant_(model.bias, b0.item())
    optimizer = torch.optim.SGD(model.parameters(), lr)
    criterion = nn.MSELoss()
    w, b, loss = [model.weight.item()], [model.bias.item()], []
    for epoch, order in enumerate(orders):
        model.eval()
        loss.append(criterion(model(x), y).item())
        model.train()
        for xb, yb in DataLoader(TensorDataset(x, y), batch_size=1, sampler=order.tolist()):
            optimizer.zero_grad(set_to_none=False)
            criterion(model(xb), yb).backward()
            optimizer.step()
            w.append(model.weight.item())
            b.append(model.bias.item())
        print(f"epoch {epoch}: {loss[-1]:.4f}")
    return History(w, b, loss)
