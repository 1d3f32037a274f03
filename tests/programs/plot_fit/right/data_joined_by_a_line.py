import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.plot(x.cpu(), y.cpu(), "o-", label="data")
    ax.plot(x.cpu(), (w * x + b).detach().cpu(), label="line")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    ax.grid()
    return fig
