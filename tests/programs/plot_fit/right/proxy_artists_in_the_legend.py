import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


from matplotlib.lines import Line2D


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.scatter(x.flatten().cpu(), y.flatten().cpu(), color="C0")
    xs = torch.linspace(x.min().item(), x.max().item(), 50)
    ax.plot(xs, w.item() * xs + b.item(), color="C3")
    ax.legend(
        handles=[Line2D([], [], marker="o", ls="", color="C0", label="data"), Line2D([], [], color="C3", label="fit")]
    )
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    ax.grid(True)
    return fig
