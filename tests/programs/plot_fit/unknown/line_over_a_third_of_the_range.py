import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.scatter(x.cpu(), y.cpu(), label="data")
    e = torch.stack([x.min(), (2 * x.min() + x.max()) / 3])
    ax.plot(e.cpu(), (w * e + b).detach().cpu(), label="line")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    ax.grid()
    return fig
