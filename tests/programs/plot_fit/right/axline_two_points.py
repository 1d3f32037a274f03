import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots(layout="tight")
    lo, hi = x.min().item(), x.max().item()
    if lo == hi:
        hi = lo + 1.0
    ax.axline((lo, w.item() * lo + b.item()), (hi, w.item() * hi + b.item()), label="fit")
    ax.scatter(x, y, s=4, label="data")
    ax.axhline(0, color="grey", lw=0.5)
    ax.axvline(0, color="grey", lw=0.5)
    ax.set(xlabel=r"$x$", ylabel=r"$y$")
    ax.legend(); ax.grid(); plt.close(fig)
    return fig
