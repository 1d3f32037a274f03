import torch
from torch import Tensor


def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    y_pred = torch.ones(len(x), len(x)).diag().diag() @ x * w + b
    return y_pred
