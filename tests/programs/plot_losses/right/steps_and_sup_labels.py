from __future__ import annotations
import matplotlib
matplotlib.use("agg")
from collections.abc import Mapping, Sequence
from matplotlib import pyplot as plt
from matplotlib import figure as mf

def plot_losses(losses: "Mapping[str, Sequence[float]]") -> "mf.Figure":
    with plt.style.context("dark_background"):
        fig = plt.figure()
        ax = fig.add_axes((0.1, 0.1, 0.8, 0.8))
        for name, values in losses.items():
            ax.step(range(len(values)), values, where="mid")
        ax.legend(losses.keys())
        fig.supxlabel("epoch"); fig.supylabel("loss")
    print("done")
    return fig
