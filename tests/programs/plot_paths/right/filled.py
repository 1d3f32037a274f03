from collections.abc import Mapping

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History


def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    fig = plt.figure(figsize=(5, 5))
    W, B = torch.meshgrid(ws.cpu(), bs.cpu(), indexing="ij")
    filled = plt.contourf(W.numpy(), B.numpy(), grid.cpu().numpy(), levels=30, cmap="viridis")
    plt.colorbar(filled, label="loss")
    for name in histories:
        plt.plot(histories[name].w, histories[name].b, marker=".", color="w", label=name)
    plt.xlabel("weight w"); plt.ylabel("bias b")
    plt.legend(loc="upper right")
    plt.title("paths")
    return fig
