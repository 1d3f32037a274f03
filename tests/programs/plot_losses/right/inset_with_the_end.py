from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig, ax = plt.subplots()
    for label, series in losses.items():
        ax.plot(series, label=label)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    zoom = ax.inset_axes([0.5, 0.5, 0.4, 0.4])
    for series in losses.values():
        zoom.plot(series[-3:])
    return fig
