from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    ax.contourf(bs.cpu(), ws.cpu(), grid.cpu(), cmap="magma")
    for name, h in histories.items():
        ax.plot(h.b, h.w, label=name)
    ax.set_xlabel("bias")
    ax.set_ylabel("weight")
    ax.legend()
    return fig
