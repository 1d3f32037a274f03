from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from graders import History

from matplotlib.collections import LineCollection


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    ax.contour(ws.cpu(), bs.cpu(), grid.cpu().T, 15, colors="grey")
    for name, h in histories.items():
        p = np.column_stack([h.w, h.b])
        ax.add_collection(LineCollection(np.stack([p[:-1], p[1:]], axis=1), label=name))
    ax.set(xlabel="w", ylabel="b")
    ax.legend()
    return fig
