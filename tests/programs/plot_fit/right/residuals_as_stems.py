import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    X, Y = x.detach().cpu().numpy().ravel(), y.detach().cpu().numpy().ravel()
    k, c = w.item(), b.item()
    fig, ax = plt.subplots()
    ax.vlines(X, Y, k * X + c, colors="grey", alpha=0.5)
    ax.plot(X, Y, "o", ms=3, label="points")
    grid = np.linspace(X.min(), X.max(), 200)
    ax.plot(grid, k * grid + c, label="regression line")
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1])
    ax.minorticks_on()
    ax.grid(which="major")
    return fig
