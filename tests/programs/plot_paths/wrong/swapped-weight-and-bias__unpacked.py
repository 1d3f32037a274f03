from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    ax.contour(ws.cpu(), bs.cpu(), grid.cpu().T)
    for name, (b, w, loss) in histories.items():
        ax.plot(w, b, label=name)
    ax.set(xlabel="w", ylabel="b")
    ax.legend()
    return fig
