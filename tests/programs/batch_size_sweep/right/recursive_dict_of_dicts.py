from collections.abc import Sequence

import torch
from torch import Tensor

from graders import History


def batch_size_sweep(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_sizes: Sequence[int]) -> dict[int, History]:
    def one(size):
        path, loss = [(w0, b0)], []
        for order in orders:
            parts = torch.split(order, size)
            means = []
            for part in parts:
                w, b = path[-1]
                g, value = torch.func.grad_and_value(lambda t: torch.nn.functional.mse_loss(t[0] * x[part] + t[1], y[part]))((w, b))
                path.append((w - lr * g[0], b - lr * g[1]))
                means.append(value * (len(part) / len(order)))
            loss.append(sum(means).item())
        return {"w": [w.item() for w, _ in path], "b": [b.item() for _, b in path], "loss": loss}

    return dict(zip(batch_sizes, map(one, batch_sizes)))
