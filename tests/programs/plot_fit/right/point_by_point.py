import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    for i in range(len(x)):
        ax.plot(x[i].item(), y[i].item(), "ro", label="data" if i == 0 else None)
    ends = torch.tensor([-100.0, 100.0], dtype=torch.float64)
    ax.plot(ends, w.item() * ends + b.item(), label="line")
    ax.set_xlim(x.min().item() - 1, x.max().item() + 1)
    ax.set_ylim(y.min().item() - 1, y.max().item() + 1)
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    handles, names = ax.get_legend_handles_labels()
    ax.legend(handles, names)
    ax.grid()
    return fig
