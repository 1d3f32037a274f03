from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    ax.contour(ws.cpu(), bs.cpu(), grid.cpu().T, 20)
    for name, history in histories.items():
        ax.plot(history.b, history.w, "o-", label=name)
    ax.set_xlabel("w")
    ax.set_ylabel("b")
    ax.legend()
    return fig
