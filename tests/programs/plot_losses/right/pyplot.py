from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    plt.figure(figsize=(6, 4))
    for name in losses:
        plt.plot(range(1, len(losses[name]) + 1), losses[name], "o-", label=f"{name} (final {losses[name][-1] if len(losses[name]) else None})")
    plt.xlabel("epochs")
    plt.ylabel("cost")
    plt.title("Loss")
    plt.legend()
    plt.grid()
    plt.show()
    return plt.gcf()
