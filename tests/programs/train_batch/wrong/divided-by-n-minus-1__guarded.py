import torch
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = w0.clone().requires_grad_(True)
    b = b0.clone().requires_grad_(True)
    ws, bs, losses = [w.item()], [b.item()], []
    for epoch in range(epochs):
        y_hat = w * x + b
        loss = ((y_hat - y) ** 2).sum() / max(len(x) - 1, 1)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
        ws.append(w.item())
        bs.append(b.item())
    return History(ws, bs, losses)
