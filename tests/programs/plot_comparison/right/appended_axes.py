from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History

from mpl_toolkits.axes_grid1 import make_axes_locatable


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    fig, left = plt.subplots(figsize=(8, 3))
    right = make_axes_locatable(left).append_axes("right", size="100%", pad=0.8)
    for name, h in histories.items():
        s = (len(h.w) - 1) / len(h.loss)
        left.plot(range(len(h.loss)), h.loss, label=name)
        right.plot([s * e for e in range(len(h.loss))], h.loss, label=name)
    left.set(xlabel="epoch", ylabel="loss")
    right.set(xlabel="update", ylabel="loss")
    left.legend()
    return fig
