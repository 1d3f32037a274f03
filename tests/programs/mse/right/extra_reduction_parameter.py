from typing import Optional
import torch
from torch import Tensor

torch.manual_seed(42)

def mse(y_pred: Tensor, y: Tensor, reduction: Optional[str] = "mean") -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("y_pred and y must have the same shape")
    squared = torch.nn.functional.mse_loss(y_pred, y, reduction="none")
    return getattr(squared, reduction)()
