from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    pairs = torch.cartesian_prod(ws.cpu(), bs.cpu())
    ax.tricontour(pairs[:, 0].numpy(), pairs[:, 1].numpy(), grid.cpu().flatten().numpy(), levels=10)
    for name, h in histories.items():
        ax.plot(h.w, h.b, label=name)
    ax.set_xlabel("w"); ax.set_ylabel("b"); ax.legend(); plt.show()
    return fig
