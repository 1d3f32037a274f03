from collections.abc import Sequence

import numpy as np
from torch import Tensor, nn

from graders import History


def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    X, Y = x.cpu().double().numpy().ravel(), y.cpu().double().numpy().ravel()
    p = np.array([w0.item(), b0.item()])
    path = [p.copy()]
    losses = []
    for order in orders:
        p = np.array([w0.item(), b0.item()])
        path = [p.copy()]
        losses.append(float(np.mean((p[0] * X + p[1] - Y) ** 2)))
        for i in order.numpy():
            err = p[0] * X[i] + p[1] - Y[i]
            g = 2 * err * np.array([X[i], 1.0])
            p = p - lr * g
            path.append(p.copy())
    path = np.array(path)
    return History(path[:, 0].tolist(), path[:, 1].tolist(), losses)
