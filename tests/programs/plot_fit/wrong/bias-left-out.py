import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.plot(x.flatten(), y.flatten(), "o", label="data")
    ax.plot(x.flatten(), (w * x).flatten(), "-", label="line")
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    ax.legend()
    ax.grid()
    return fig
