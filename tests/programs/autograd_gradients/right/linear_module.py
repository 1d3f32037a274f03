import torch
from torch import nn, Tensor

def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    model = nn.Linear(1, 1).to(device=x.device, dtype=x.dtype)
    model.weight.data.fill_(w.item())
    model.bias.data.fill_(b.item())
    criterion = nn.MSELoss()
    criterion(model(x), y).backward()
    print("gradient:", model.weight.grad.item(), model.bias.grad.item())
    return model.weight.grad.squeeze(), model.bias.grad[0]
