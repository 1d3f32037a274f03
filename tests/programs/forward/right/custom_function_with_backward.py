import torch
from torch import Tensor

class Line(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return w * x + b

    @staticmethod
    def backward(ctx, upstream):
        x, w = ctx.saved_tensors
        return upstream * w, (upstream * x).sum(), upstream.sum()

def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return Line.apply(x, w, b)
