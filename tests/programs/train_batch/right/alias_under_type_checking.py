from __future__ import annotations

import logging
import sys
import time
import warnings
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import torch

if TYPE_CHECKING:
    from torch import Tensor
    from graders import History as Record

from graders import History

logging.basicConfig(level=logging.DEBUG)


class bar:
    def __init__(self, it, desc=""):
        self.it, self.desc = list(it), desc

    def __iter__(self):
        for k, item in enumerate(self.it, 1):
            sys.stderr.write("\r" + self.desc + "#" * k + f" {k}/{len(self.it)}")
            yield item
        sys.stderr.write("\n")


def train_batch(x: "Tensor", y: "Tensor", w0: "Tensor", b0: "Tensor", lr: "float", epochs: "int", verbose: bool = True) -> "Record":
    warnings.warn("training starts")
    w, b = w0.clone(), b0.clone()
    w.requires_grad = b.requires_grad = True
    ws, bs, ls = [], [], []
    for e in bar(range(epochs), desc="epoch "):
        ws.append(w.item()), bs.append(b.item())
        loss = (y - (b + w * x)).pow(2).mean()
        ls.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w.add_(w.grad, alpha=-lr)
            b.add_(b.grad, alpha=-lr)
            w.grad, b.grad = None, None
        if verbose:
            print(f"epoch {e}: loss {ls[-1]:.4f}")
            logging.info("w=%s b=%s", w, b)
    plt.plot(ls)
    plt.title("loss")
    plt.show()
    return History(ws + [w.item()], bs + [b.item()], ls)
