from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig, ax = plt.subplots()
    arguments = [part for v in losses.values() for part in (list(range(len(v))), list(v))]
    for line, name in zip(ax.plot(*arguments), losses):
        line.set_label(name)
    ax.legend()
    plt.xlabel("epoch")
    plt.ylabel("loss")
    return fig
