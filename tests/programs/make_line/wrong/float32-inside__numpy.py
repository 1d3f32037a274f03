import numpy as np
import torch
from torch import Tensor

def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    y = slope * x.numpy() + intercept + noise.numpy()
    return torch.tensor(y.tolist())
