import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
torch.set_default_dtype(torch.float64)
torch.manual_seed(0)

def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    line = nn.Linear(1, 1).to(x)
    with torch.no_grad():
        line.weight.fill_(slope)
        line.bias.fill_(intercept)
        return line(x) + noise
