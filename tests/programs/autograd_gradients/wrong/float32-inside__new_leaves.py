import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    w = torch.tensor(w.item(), requires_grad=True)
    b = torch.tensor(b.item(), requires_grad=True)
    y_pred = w * x + b
    loss = ((y_pred - y) ** 2).mean()
    loss.backward()
    return w.grad, b.grad
