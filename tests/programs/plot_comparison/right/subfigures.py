from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    fig = plt.figure(layout="constrained")
    left, right = fig.subfigures(1, 2)
    axl, axr = left.subplots(), right.subplots()
    for name, h in histories.items():
        n = len(h.loss)
        axl.plot(range(n), h.loss, label=name)
        axr.plot([i * (len(h.w) - 1) / n for i in range(n)], h.loss, label=name)
    axl.set(xlabel="epoch", ylabel="loss")
    axr.set(xlabel="update", ylabel="loss")
    axl.legend()
    axr.legend()
    return fig
