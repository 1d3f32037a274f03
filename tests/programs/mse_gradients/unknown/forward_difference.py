import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    def loss(w, b):
        return ((w * x + b - y) ** 2).mean()

    h = 1e-4
    return (loss(w + h, b) - loss(w, b)) / h, (loss(w, b + h) - loss(w, b)) / h
