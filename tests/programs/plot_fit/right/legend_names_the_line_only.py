import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.scatter(x.cpu(), y.cpu())
    ax.plot(x.cpu(), (w * x + b).detach().cpu(), label="line")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    ax.grid()
    return fig
