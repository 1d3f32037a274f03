import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    ax.plot(x.clone().cpu(), y.cpu(), "o", label="data")
    xs = x.clone()
    x *= w
    x -= b
    ax.plot(xs.cpu(), x.cpu().clone(), label="line")
    ax.set(xlabel="x", ylabel="y")
    ax.legend()
    ax.grid()
    return fig
