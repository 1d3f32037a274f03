
import torch
from torch import Tensor


@torch.jit.script
def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    r = w * x + b - y
    return 2 * (r * x).mean(), 2 * r.mean()
