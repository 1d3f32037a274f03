import torch
from torch import Tensor, nn


def accumulated_gradients(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int
) -> tuple[Tensor, Tensor]:
    h = 1e-30
    def total(p, q):
        s = 0j
        for u, v in zip(x.split(micro_batch_size), y.split(micro_batch_size)):
            s += ((p * u.to(torch.complex128) + q - v) ** 2).sum().item()
        return s / len(x)
    p, q = w.item(), b.item()
    return w.new_tensor(total(p + 1j * h, q).imag / h), b.new_tensor(total(p, q + 1j * h).imag / h)
