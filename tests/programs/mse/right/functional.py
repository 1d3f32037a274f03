import torch.nn.functional as F
from torch import Tensor

def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.size() != y.size():
        raise ValueError(f"{y_pred.size()} is not {y.size()}")
    return F.mse_loss(y_pred, y)
