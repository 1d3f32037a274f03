from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig, ax = plt.subplots()
    for name, values in losses.items():
        xs = [i + 1 for i, _ in enumerate(values)]
        ax.plot(xs, values, label=name)
        ax.scatter(xs, values, s=5)
    ax.set_yscale("log")
    ax.set_xscale("log")
    ax.set_xlabel("epoch (from 1)")
    ax.set_ylabel("loss")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    fig.tight_layout()
    plt.close("all")
    return fig
