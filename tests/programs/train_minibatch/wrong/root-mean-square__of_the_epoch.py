from collections.abc import Sequence
import math

from torch import Tensor, nn

from graders import History


def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    ws, bs, losses = [w0.item()], [b0.item()], []
    w, b = w0.item(), b0.item()
    xs, ys = x.flatten().tolist(), y.flatten().tolist()
    for order in orders:
        visits = order.tolist()
        squares, seen = 0.0, 0
        while visits:
            batch, visits = visits[:batch_size], visits[batch_size:]
            errors = [w * xs[i] + b - ys[i] for i in batch]
            m = len(batch)
            squares += sum(e * e for e in errors)
            seen += m
            gw = 2 * sum(e * xs[i] for e, i in zip(errors, batch)) / m
            gb = 2 * sum(errors) / m
            w, b = w - lr * gw, b - lr * gb
            ws.append(w)
            bs.append(b)
        losses.append(math.sqrt(squares / seen))
    return History(ws, bs, losses)
