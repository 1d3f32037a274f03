from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    plt.figure(figsize=(12, 4))
    plt.subplot(1, 2, 1)
    for name in histories:
        plt.plot(histories[name].loss, label=name)
    plt.xlabel("epoch"); plt.ylabel("MSE"); plt.legend(); plt.grid()
    plt.subplot(1, 2, 2)
    for name in histories:
        loss = histories[name].loss
        updates = len(histories[name].w) - 1
        plt.plot([updates / len(loss) * i for i in range(len(loss))], loss, label=name)
    plt.xlabel("number of updates"); plt.ylabel("MSE"); plt.legend(); plt.grid()
    plt.tight_layout()
    return plt.gcf()
