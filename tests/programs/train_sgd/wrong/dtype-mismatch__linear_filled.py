from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    model = nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(w0)
        model.bias.fill_(b0)
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history = History([model.weight.item()], [model.bias.item()], [])
    for epoch in range(len(orders)):
        with torch.no_grad():
            history.loss.append(criterion(model(x), y).item())
        for i in orders[epoch].tolist():
            optimizer.zero_grad()
            output = model(x[i:i + 1])
            loss = criterion(output, y[i:i + 1])
            loss.backward()
            optimizer.step()
            history.w.append(model.weight.item())
            history.b.append(model.bias.item())
    return history
