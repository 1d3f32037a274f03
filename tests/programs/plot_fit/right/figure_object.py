from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from torch import Tensor

def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    f = Figure()
    FigureCanvasAgg(f)
    a = f.subplots()
    xs, ys = x.ravel().tolist(), y.ravel().tolist()
    slope, intercept = float(w), float(b)
    a.scatter(xs, ys)
    a.plot([-10, 10], [intercept - 10 * slope, intercept + 10 * slope])
    a.legend(["points", "fit"])
    a.set(xlabel="input", ylabel="output", title="A fit")
    a.grid(which="both", alpha=0.2)
    return f
