import numpy as np
import torch
from torch import Tensor

def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.from_numpy(w.item() * x.numpy() + b.item())
