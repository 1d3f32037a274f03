from collections.abc import Mapping, Sequence
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure

Losses = Mapping[str, Sequence[float]]

def draw(ax, name, values):
    ys = torch.tensor(list(values), dtype=torch.float64)
    ax.plot(torch.arange(len(ys)), ys, lw=1.5, ls="--", label=name.upper())

def plot_losses(losses: Losses) -> Figure:
    fig, ax = plt.subplots()
    [draw(ax, name, values) for name, values in losses.items()]
    plt.xlabel("number of epochs")
    plt.ylabel("mean squared error")
    plt.legend()
    return fig
