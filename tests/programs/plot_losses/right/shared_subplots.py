from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig, axs = plt.subplots(len(losses), 1, sharex=True, squeeze=False)
    for ax, (name, values) in zip(axs[:, 0], losses.items()):
        ax.plot(range(len(values)), values, label=name)
        ax.set_ylabel("loss")
        ax.legend()
    axs[-1, 0].set_xlabel("epoch")
    return fig
