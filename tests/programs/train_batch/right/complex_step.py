import torch
from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    X, Y = x.to(torch.complex128), y.to(torch.complex128)
    h = 1e-40
    def f(w, b):
        return ((w * X + b - Y) ** 2).mean().item()
    w, b = w0.item(), b0.item()
    W, B, L = [w], [b], []
    for _ in range(epochs):
        L.append(f(w, b).real)
        w, b = w - lr * f(complex(w, h), b).imag / h, b - lr * f(w, complex(b, h)).imag / h
        W.append(w)
        B.append(b)
    return History(W, B, L)
