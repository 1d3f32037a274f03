import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    y.clamp_(-1, 1)
    ax.scatter(x.cpu(), y.cpu(), label="data")
    ax.axline((0, b.item()), slope=w.item(), label="line")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    ax.grid()
    return fig
