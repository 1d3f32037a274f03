import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    plt.figure()
    plt.title("fit")
    plt.scatter(x.cpu().numpy(), y.cpu().numpy(), c="r", marker="x", label="data")
    plt.plot(x.cpu().numpy(), (w * x + b).detach().cpu().numpy(), "b--", label="f(x)")
    plt.xlabel("x")
    plt.ylabel("f(x)")
    plt.legend()
    plt.grid()
    return plt.gcf()
