import torch
from torch import Tensor, nn

from graders import History


import queue
import threading


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    results: "queue.Queue" = queue.Queue()

    def work() -> None:
        w, b = w0.clone().requires_grad_(), b0.clone().requires_grad_()
        results.put((w.item(), b.item(), None))
        for _ in range(epochs):
            loss = (w * x + b - y).pow(2).mean()
            gw, gb = torch.autograd.grad(loss, (w, b))
            w = (w - lr * gw).detach().requires_grad_()
            b = (b - lr * gb).detach().requires_grad_()
            results.put((w.item(), b.item(), loss.item()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    rows = [results.get() for _ in range(epochs + 1)]
    return History([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows[1:]])
