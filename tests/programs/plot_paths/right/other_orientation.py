from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    ax.contour(bs.tolist(), ws.tolist(), grid.tolist())
    for name, h in histories.items():
        ax.plot(h.b, h.w, label=name)
    ax.set(xlabel="b", ylabel="w", title="loss")
    fig.legend()
    return fig
