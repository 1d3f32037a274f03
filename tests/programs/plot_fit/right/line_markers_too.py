import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor


def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    fig, ax = plt.subplots()
    grid = torch.linspace(float(x.min()) - 1, float(x.max()) + 1, 50, dtype=x.dtype, device=x.device)
    ax.errorbar(x.flatten().cpu(), y.flatten().cpu(), yerr=0.1, fmt="s", label="data")
    ax.plot(grid.cpu(), (w * grid + b).detach().cpu(), ".-", label="line")
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    ax.legend()
    ax.grid(visible=True, linestyle=":")
    return fig
