import numpy as np
from collections.abc import Sequence
from torch import Tensor
from graders import History

def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int) -> History:
    X, Y = x.cpu().numpy()[:, 0], y.cpu().numpy()[:, 0]
    w, b = float(w0), float(b0)
    ws, bs, ls = [w], [b], []
    for order in orders:
        perm = np.asarray(order)
        squares = np.zeros(0)
        for batch in np.split(perm, np.arange(batch_size, len(perm), batch_size)):
            r = X[batch] * w + b - Y[batch]
            squares = np.concatenate([squares, r * r])
            w, b = w - lr * 2 * np.mean(r * X[batch]), b - lr * 2 * np.mean(r)
            ws.append(w)
            bs.append(b)
        ls.append(squares.mean())
    return History(ws, bs, ls)
