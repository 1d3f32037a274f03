import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.plot(x.cpu(), y.cpu(), "o", label="data")
    e = [x.min().item(), x.max().item()]
    ax.plot(e, [w.item() * v - b.item() for v in e], label="line")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    ax.grid()
    return fig
