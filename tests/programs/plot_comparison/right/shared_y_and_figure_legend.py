from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    fig, axs = plt.subplots(ncols=2, sharey=True, figsize=(10, 4))
    handles = []
    for name, h in histories.items():
        n = len(h.loss)
        per_epoch = (len(h.w) - 1) / n
        (line,) = axs[0].semilogy([e + 1 for e in range(n)], h.loss, "o-")
        axs[1].semilogy([per_epoch * (e + 1) for e in range(n)], h.loss, "o-", color=line.get_color())
        handles.append(line)
    axs[0].set(xlabel="epochs", ylabel="loss", title="per epoch")
    axs[1].set(xlabel="updates", title="per update")
    fig.legend(handles, list(histories), loc="lower center")
    return fig
