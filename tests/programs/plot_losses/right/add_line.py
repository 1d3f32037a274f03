from collections.abc import Mapping, Sequence
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    fig, ax = plt.subplots()
    for k, (name, values) in enumerate(losses.items()):
        ax.add_line(Line2D(range(len(values)), values, color=f"C{k}", label=name))
    ax.autoscale_view()
    ax.axhline(0.0, color="grey", linewidth=0.5)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend(title="runs")
    return fig
