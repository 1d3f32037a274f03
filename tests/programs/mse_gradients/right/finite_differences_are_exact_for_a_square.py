import torch
from torch import Tensor


def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    # central differences of a quadratic have no error but rounding; a step of 1 keeps that small
    def loss(w, b):
        return ((w * x + b - y) ** 2).mean()

    dw = (loss(w + 1, b) - loss(w - 1, b)) / 2
    db = (loss(w, b + 1) - loss(w, b - 1)) / 2
    return dw, db
