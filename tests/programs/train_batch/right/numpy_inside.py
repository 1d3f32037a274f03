import numpy as np
from torch import Tensor
from graders import History

def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    X = np.c_[x.detach().cpu().numpy().reshape(-1), np.ones(len(x))].astype(np.float64)
    t = y.detach().cpu().numpy().reshape(-1).astype(np.float64)
    theta = np.array([float(w0), float(b0)])
    thetas, losses = [theta.copy()], []
    for _ in range(epochs):
        r = X @ theta - t
        losses.append(float(np.mean(r**2)))
        theta = theta - lr * (2 / len(t)) * (X.T @ r)
        thetas.append(theta.copy())
    thetas = np.array(thetas)
    return History(thetas[:, 0].tolist(), thetas[:, 1].tolist(), losses)
