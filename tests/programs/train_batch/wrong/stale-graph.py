import torch
from torch import Tensor
from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = w0.clone().requires_grad_(True)
    b = b0.clone().requires_grad_(True)
    ws, bs, losses = [w.item()], [b.item()], []
    grads = torch.autograd.grad(((w * x + b - y) ** 2).mean(), (w, b))
    loss0 = ((w * x + b - y) ** 2).mean().item()
    for epoch in range(epochs):
        losses.append(loss0)
        with torch.no_grad():
            w -= lr * grads[0]
            b -= lr * grads[1]
        ws.append(w.item())
        bs.append(b.item())
    return History(ws, bs, losses)
