import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib import figure
from torch import Tensor

plt.style.use("ggplot")
plt.rcParams["axes.grid"] = True

def plot_fit(x: "Tensor", y: "Tensor", w: "Tensor", b: "Tensor") -> "figure.Figure":
    with torch.no_grad():
        fig, ax = plt.subplots(1, 1, squeeze=False)
        ax[0, 0].plot(np.asarray(x.cpu()), np.asarray(y.cpu()), "v")
        ax[0, 0].plot(np.asarray(x.cpu()), np.asarray((x * w + b).cpu()))
    fig.supxlabel("x")
    fig.supylabel("y")
    fig.legend(["data", "line"])
    print("plotted")
    plt.show()
    return fig
