import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig = plt.figure(figsize=(5, 3))
    ax = fig.add_subplot(1, 1, 1)
    ax.plot(x.numpy(force=True), y.numpy(force=True), marker="+", linestyle="none", label="data")
    ax.axline((0, b.item()), slope=w.item(), color="k", label=f"y = {w.item():.2f} x + {b.item():.2f}")
    ax.set_xlabel("x"); ax.set_ylabel("y")
    fig.legend(loc="upper right")
    ax.grid(True)
    return fig
