from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    fig, axs = plt.subplots(1, 2, sharey="row")
    for name, h in histories.items():
        xs = list(range(len(h.loss)))
        axs[0].step(xs, h.loss, label=name)
        axs[1].step([x * (len(h.w) - 1) / len(h.loss) for x in xs], h.loss, label=name)
    axs[0].axhline(0, color="k", lw=0.3)
    axs[0].set_xlabel("epoch")
    axs[1].set_xlabel("update")
    fig.supylabel("loss")
    fig.suptitle("epochs and updates")
    axs[1].legend()
    print(len(histories), "runs")
    return fig
