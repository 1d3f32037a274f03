import torch
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    model = nn.Linear(1, 1).to(x)
    with torch.no_grad():
        model.weight.fill_(w0)
        model.bias.fill_(b0)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    ws, bs, losses = [float(model.weight)], [float(model.bias)], []
    for epoch in range(epochs):
        optimizer.zero_grad()
        prediction = model(x)
        loss = criterion(prediction, y)
        loss.backward()
        optimizer.step()
        losses.append(float(criterion(model(x), y)))
        ws.append(float(model.weight))
        bs.append(float(model.bias))
    return History(ws, bs, losses)
