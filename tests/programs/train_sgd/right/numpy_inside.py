import numpy as np
from collections.abc import Sequence
from torch import Tensor
from graders import History

def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    X = np.column_stack([x.cpu().numpy().ravel(), np.ones(len(x))]).astype(np.float64)
    Y = y.cpu().numpy().ravel().astype(np.float64)
    theta = np.array([w0.item(), b0.item()])
    path, losses = [theta.copy()], []
    for order in orders:
        losses.append(np.mean((X @ theta - Y) ** 2))
        for i in order.numpy():
            theta = theta - lr * 2 * (X[i] @ theta - Y[i]) * X[i]
            path.append(theta)
    path = np.array(path)
    return History(path[:, 0], path[:, 1], np.array(losses))
