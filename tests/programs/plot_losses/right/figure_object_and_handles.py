from typing import Mapping, Sequence
from matplotlib.figure import Figure
import numpy as np

def plot_losses(losses: Mapping[str, Sequence[float]], title: str = "losses") -> Figure:
    figure = Figure()
    axes = figure.subplots()
    handles = []
    for values in losses.values():
        (line,) = axes.plot(np.arange(len(values)), np.asarray(values, dtype=float))
        handles.append(line)
    axes.legend(handles, list(losses))
    axes.set_title(title)
    axes.set_xlabel("epoch")
    axes.set_ylabel("MSE")
    return figure
