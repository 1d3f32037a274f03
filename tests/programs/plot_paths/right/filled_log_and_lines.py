from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    Z = grid.cpu().T
    ax.contourf(ws.cpu(), bs.cpu(), Z.log())
    ax.contour(ws.cpu(), bs.cpu(), Z, levels=20, colors="k")
    for name, history in histories.items():
        ax.plot(history.w, history.b, "o-", label=name)
    ax.set_xlabel("w")
    ax.set_ylabel("b")
    ax.legend()
    return fig
