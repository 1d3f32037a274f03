import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    xs, index = torch.sort(x.flatten())
    ys = y.flatten()[index]
    fit = (w * xs + b).detach()
    ax.plot(xs.cpu(), ys.cpu(), "k.", label="measured")
    ax.plot(xs.cpu(), fit.cpu(), lw=2, label="fitted")
    ax.vlines(xs.cpu(), ys.cpu(), fit.cpu(), color="lightgrey")
    ax.set_xlabel("x [m]")
    ax.set_ylabel("y [s]")
    ax.legend(frameon=False)
    ax.grid(axis="y")
    return fig
