from torch import Tensor


def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    if y_pred.shape != y.shape:
        raise ValueError("shape")
    return (y_pred.float() - y.float()).abs().mean()
