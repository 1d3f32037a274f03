from torch import Tensor, nn

from graders import History


def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    xs, ys = x.view(-1).tolist(), y.view(-1).tolist()
    n = max(len(xs) - 1, 1)
    w, b = w0.item(), b0.item()
    out = History([w], [b], [])
    for _ in range(epochs):
        errors = [w * u + b - v for u, v in zip(xs, ys)]
        gw = 2 * sum(e * u for e, u in zip(errors, xs)) / n
        gb = 2 * sum(errors) / n
        w -= lr * gw
        b -= lr * gb
        out.w.append(w)
        out.b.append(b)
        out.loss.append(sum((w * u + b - v) ** 2 for u, v in zip(xs, ys)) / n)
    return out
