from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    fig, ax = plt.subplots()
    for name, history in histories.items():
        ax.plot(history.loss, label=name)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return fig
