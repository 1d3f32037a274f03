import torch
from torch import nn
from torch.func import functional_call, grad_and_value
from torch.utils.data import DataLoader
from typing import List

def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int, device: str = "") -> List[float]:
    def loss_of(params, x, y):
        return nn.functional.mse_loss(functional_call(model, params, (x,)).reshape(y.shape), y)

    losses = []
    for _ in range(epochs):
        for x, y in loader:
            params = {name: p.detach() for name, p in model.named_parameters()}
            grads, loss = grad_and_value(loss_of)(params, x, y)
            with torch.no_grad():
                for name, p in model.named_parameters():
                    p.copy_(params[name] - lr * grads[name])
            losses.append(loss)
    return [float(loss) for loss in losses]
