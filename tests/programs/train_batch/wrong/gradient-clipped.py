import torch
from torch import Tensor
from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w = torch.nn.Parameter(w0.clone())
    b = torch.nn.Parameter(b0.clone())
    optimizer = torch.optim.SGD([w, b], lr=lr)
    ws, bs, losses = [w.item()], [b.item()], []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(w * x + b, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([w, b], 1.0)
        optimizer.step()
        losses.append(loss.item())
        ws.append(w.item())
        bs.append(b.item())
    return History(ws, bs, losses)
