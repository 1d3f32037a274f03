import torch
from torch import Tensor

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, error):
        ctx.save_for_backward(error)
        return error * error

    @staticmethod
    def backward(ctx, upstream):
        (error,) = ctx.saved_tensors
        return 2 * error * upstream

def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    try:
        assert y_pred.shape == y.shape
    except AssertionError as problem:
        raise ValueError("unequal shapes") from problem
    return Square.apply(y_pred - y).mean()
