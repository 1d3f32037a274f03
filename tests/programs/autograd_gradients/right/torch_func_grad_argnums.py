import torch
from torch import Tensor


def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    def loss(w, b):
        return torch.nn.functional.mse_loss(w * x + b, y)

    return torch.func.grad(loss, argnums=(0, 1))(w, b)
