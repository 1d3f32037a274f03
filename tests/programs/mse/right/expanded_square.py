import torch as t

def mse(y_pred: t.Tensor, y: t.Tensor, /) -> t.Tensor:
    if y_pred.shape != y.shape:
        raise ValueError
    return ((y_pred - 2 * y) * y_pred + y * y).mean()
