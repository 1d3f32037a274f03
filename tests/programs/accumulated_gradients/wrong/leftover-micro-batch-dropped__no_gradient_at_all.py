import torch
from torch import Tensor, nn


def accumulated_gradients(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int
) -> tuple[Tensor, Tensor]:
    model = nn.Linear(1, 1).to(x)
    with torch.no_grad():
        model.weight.fill_(w)
        model.bias.fill_(b)
    criterion = nn.MSELoss()
    model.zero_grad()
    for k in range(len(x) // micro_batch_size):
        sl = slice(k * micro_batch_size, (k + 1) * micro_batch_size)
        out = model(x[sl])
        loss = criterion(out, y[sl]) * out.numel() / y.numel()
        loss.backward()
    return model.weight.grad.squeeze(), model.bias.grad.squeeze()
