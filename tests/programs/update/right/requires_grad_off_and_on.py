import torch as t
from typing import Optional

def update(w: t.Tensor, b: t.Tensor, lr: "float", momentum: Optional[float] = None) -> None:
    for p in [w, b]:
        g, p.grad = p.grad, None
        p.requires_grad_(False)
        p -= lr * g
        p.requires_grad_(True)
