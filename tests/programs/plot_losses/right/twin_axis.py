from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig, ax = plt.subplots()
    for name, values in losses.items():
        ax.plot(values, label=name)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    twin = ax.twinx()
    twin.set_ylabel("loss again")
    twin.set_ylim(ax.get_ylim())
    return fig
