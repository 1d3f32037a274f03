from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    ax.contour(torch.linspace(ws.min().item(), ws.max().item(), grid.shape[0]), torch.linspace(bs.min().item(), bs.max().item(), grid.shape[1]), grid.cpu().T.flip(1), 20)
    for name, history in histories.items():
        ax.plot(history.w, history.b, "o-", label=name)
    ax.set_xlabel("w")
    ax.set_ylabel("b")
    ax.legend()
    return fig
