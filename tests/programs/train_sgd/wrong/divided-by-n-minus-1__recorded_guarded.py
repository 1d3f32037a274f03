from collections.abc import Sequence

from torch import Tensor, nn

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    xs, ys = x.flatten().tolist(), y.flatten().tolist()
    n = len(xs)
    w, b = float(w0), float(b0)
    ws, bs, losses = [w], [b], []
    for order in orders:
        losses.append(sum((w * xi + b - yi) ** 2 for xi, yi in zip(xs, ys)) / max(n - 1, 1))
        for i in order.tolist():
            e = w * xs[i] + b - ys[i]
            dw = 2 * e * xs[i]
            db = 2 * e
            w = w - lr * dw
            b = b - lr * db
            ws.append(w)
            bs.append(b)
    return History(ws, bs, losses)
