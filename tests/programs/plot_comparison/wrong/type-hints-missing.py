from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories):
    fig, (left, right) = plt.subplots(1, 2)
    for name, history in histories.items():
        step = (len(history.w) - 1) / len(history.loss)
        left.plot(range(len(history.loss)), history.loss, label=name)
        right.plot([step * e for e in range(len(history.loss))], history.loss, label=name)
    left.set_xlabel("epoch")
    right.set_xlabel("update")
    left.set_ylabel("loss")
    right.set_ylabel("loss")
    left.legend()
    right.legend()
    return fig
