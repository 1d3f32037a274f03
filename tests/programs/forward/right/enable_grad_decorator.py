import functools
import torch
from torch import Tensor

def announce(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("calling", function.__name__)
        return function(*args, **kwargs)
    return wrapper

@announce
@torch.enable_grad()
def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.baddbmm(b.expand(1, len(x), 1), x[None], w.reshape(1, 1, 1))[0]
