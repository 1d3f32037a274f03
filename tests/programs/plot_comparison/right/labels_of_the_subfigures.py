from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from graders import History


def plot_comparison(histories: Mapping[str, History]) -> Figure:
    fig = plt.figure(layout="constrained", figsize=(9, 3))
    subs = fig.subfigures(1, 2, wspace=0.1)
    for sub, unit in zip(subs, ("epochs", "updates")):
        ax = sub.subplots()
        for name, h in histories.items():
            s = 1 if unit == "epochs" else (len(h.w) - 1) / len(h.loss)
            ax.plot([e * s for e in range(len(h.loss))], h.loss, label=name)
        sub.supxlabel(unit)
        sub.supylabel("loss")
        ax.legend()
    return fig
