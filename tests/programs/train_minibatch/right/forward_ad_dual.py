from collections.abc import Sequence

import torch
from torch import Tensor, nn

from graders import History


import torch.autograd.forward_ad as fwAD


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    w, b = w0.clone(), b0.clone()
    hist = ([w.item()], [b.item()], [])
    one, zero = torch.ones_like(w), torch.zeros_like(w)
    for order in orders:
        s = 0.0
        for idx in order.split(batch_size):
            grads = []
            for tw, tb in ((one, zero), (zero, one)):
                with fwAD.dual_level():
                    loss = (fwAD.make_dual(w, tw) * x[idx] + fwAD.make_dual(b, tb) - y[idx]).square().mean()
                    value, tangent = fwAD.unpack_dual(loss)
                grads.append(tangent)
            s += value.item() * idx.numel()
            w, b = w - lr * grads[0], b - lr * grads[1]
            hist[0].append(w.item())
            hist[1].append(b.item())
        hist[2].append(s / order.numel())
    return hist
