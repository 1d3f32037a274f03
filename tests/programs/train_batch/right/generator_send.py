import torch
from torch import Tensor, nn

from graders import History


def descend(x, y, w, b):
    rate = yield None
    while True:
        e = w.mul(x).add(b).sub(y)
        w, b = torch.sub(w, 2 * (e * x).mean(), alpha=rate), torch.sub(b, 2 * e.mean(), alpha=rate)
        rate = yield w.item(), b.item(), torch.linalg.vector_norm(e).item() ** 2 / e.numel()

def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    gen = descend(x, y, w0, b0)
    next(gen)
    rows = [gen.send(lr) for _ in range(epochs)]
    return History([w0.item(), *(r[0] for r in rows)], [b0.item(), *(r[1] for r in rows)], [r[2] for r in rows])
