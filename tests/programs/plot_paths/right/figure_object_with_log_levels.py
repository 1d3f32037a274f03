import numpy as np
from typing import Mapping
from matplotlib.figure import Figure
from torch import Tensor
from graders import History

def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History], levels: int = 12) -> Figure:
    fig = Figure()
    ax = fig.add_subplot()
    Z = grid.cpu().numpy()
    B, W = np.meshgrid(bs.cpu().numpy(), ws.cpu().numpy())
    ax.contour(W, B, np.log(Z + 1e-6), levels, colors="grey", linewidths=0.5)
    lines = [ax.plot(h.w, h.b, lw=2)[0] for h in histories.values()]
    for h in histories.values():
        ax.scatter(h.w[0], h.b[0], marker="x", color="k")
    ax.legend(lines, list(histories))
    ax.set_xlabel(r"$w$")
    ax.set_ylabel(r"$b$")
    return fig
