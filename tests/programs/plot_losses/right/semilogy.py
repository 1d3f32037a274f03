from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig = plt.figure(layout="constrained")
    ax = fig.add_subplot(111)
    for name, values in losses.items():
        ax.semilogy(list(range(len(values))), list(values), marker=".", label=str(name))
    ax.set(xlabel="iteration", ylabel="log loss")
    fig.legend()
    return fig
