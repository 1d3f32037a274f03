from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots(layout="constrained")
    Z = grid.detach().cpu().numpy().T
    ax.contourf(ws.cpu().numpy(), bs.cpu().numpy(), Z, alpha=0.3)
    lines = ax.contour(ws.cpu().numpy(), bs.cpu().numpy(), Z, levels=8, colors="k")
    ax.clabel(lines)
    i, j = divmod(int(grid.argmin()), grid.shape[1])
    ax.plot(ws[i].item(), bs[j].item(), "r*")
    for k, (name, h) in enumerate(histories.items()):
        w, b = torch.tensor(h.w), torch.tensor(h.b)
        ax.plot(w, b, ls=["-", "--", ":"][k % 3], label=name + " descent")
    ax.set_xlabel("slope (w)")
    ax.set_ylabel("intercept (b)")
    ax.legend(title="method")
    print("drawn")
    return fig
