import torch
from torch import nn, Tensor

def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    model = nn.Linear(1, 1, device=x.device, dtype=x.dtype)
    with torch.no_grad():
        model.weight.copy_(w)
        model.bias.copy_(b)
    model.zero_grad()
    n = x.size(0)
    start = 0
    while start < n:
        stop = min(start + micro_batch_size, n)
        loss = nn.MSELoss()(model(x[start:stop]), y[start:stop]) * ((stop - start) / n)
        loss.backward()
        start = stop
    return model.weight.grad.squeeze(), model.bias.grad.squeeze()
