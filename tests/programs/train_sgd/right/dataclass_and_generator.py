from dataclasses import dataclass, field
from collections.abc import Sequence
import torch
from torch import Tensor
from graders import History

torch.set_grad_enabled(False)
torch.manual_seed(7)

@dataclass
class Run:
    w: list = field(default_factory=list)
    b: list = field(default_factory=list)
    loss: list = field(default_factory=list)

def visits(orders):
    for order in orders:
        for k, i in enumerate(order.tolist()):
            yield k == 0, i

def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], verbose: bool = False) -> History:
    run = Run([w0.item()], [b0.item()])
    w, b = w0, b0
    for first, i in visits(orders):
        if first:
            run.loss.append(torch.mean((x * w + b - y) ** 2).item())
        error = y[i, 0] - (w * x[i, 0] + b)
        w, b = w + 2 * lr * error * x[i, 0], b + 2 * lr * error
        run.w.append(w.item())
        run.b.append(b.item())
    return run
