import torch
from torch import Tensor

predictions = []

def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    for xi in x:
        predictions.append(w * xi + b)
    return torch.stack(predictions)
