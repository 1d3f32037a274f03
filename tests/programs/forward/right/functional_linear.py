import torch.nn.functional as F
from torch import Tensor

def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return F.linear(x, w.reshape(1, 1), b.reshape(1))
