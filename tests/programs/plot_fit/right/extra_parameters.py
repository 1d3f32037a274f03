from typing import Optional
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor, ax: Optional[Axes] = None, title: str = "") -> Figure:
    if ax is None:
        _, ax = plt.subplots()
    ax.plot(x.squeeze(1).tolist(), y.squeeze(1).tolist(), ls="", marker="d", label="samples")
    ax.plot(x.squeeze(1).tolist(), [w.item() * v + b.item() for v in x.squeeze(1).tolist()], c="C3", label="model")
    ax.set(xlabel="x", ylabel="y", title=title)
    ax.legend(loc="best")
    ax.grid("on")
    return ax.figure
