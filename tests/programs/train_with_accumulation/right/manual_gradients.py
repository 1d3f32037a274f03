from itertools import islice
from typing import List
import torch
from torch import nn
from torch.utils.data import DataLoader

def train_with_accumulation(model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int = 1) -> List[float]:
    params = [p for p in model.parameters() if p.requires_grad]
    losses: List[float] = []
    for epoch in range(epochs):
        stream = iter(loader)
        while group := list(islice(stream, accumulation_steps)):
            sums = [torch.zeros_like(p) for p in params]
            n = 0
            for x, y in group:
                errors = model(x).flatten() - y.flatten()
                gs = torch.autograd.grad(errors.square().sum(), params)
                sums = [s + g for s, g in zip(sums, gs)]
                n += len(errors)
                losses.append(errors.square().mean().item())
            with torch.no_grad():
                for p, s in zip(params, sums):
                    p.sub_(lr * s / n)
        print("epoch", epoch)
    return losses
