import torch
from torch import Tensor, nn

from graders import History


class Line(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.w = nn.Parameter(w.clone())
        self.b = nn.Parameter(b.clone())

    def forward(self, x):
        return self.w * x + self.b


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    net = Line(w0, b0)
    record = {"w": [net.w.item()], "b": [net.b.item()], "loss": []}
    for epoch in range(epochs):
        net.zero_grad()
        loss = torch.sum((net(x) - y) ** 2)
        loss.backward()
        record["loss"].append(loss.item() / len(x))
        with torch.no_grad():
            for p in net.parameters():
                p -= lr * p.grad
        record["w"].append(net.w.item())
        record["b"].append(net.b.item())
    return History(**record)
