"""The same assignment the stock way: asserts in hidden tests of the check cells, nbgrader as it comes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks.commands import nbgrader
from tests.benchmarks.people import NOTEBOOK, SLUG

CONFIG = "c = get_config()\n"

TRAIN_BATCH = """
### BEGIN HIDDEN TESTS
def reference(x, y, w, b, lr, epochs):
    history = ([float(w)], [float(b)], [])
    for _ in range(epochs):
        error = w * x + b - y
        history[2].append(float((error**2).mean()))
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        history[0].append(float(w))
        history[1].append(float(b))
    return history

def case(n, scale, shift, w0, b0, lr, epochs, dtype=torch.float64):
    i = torch.arange(n, dtype=dtype)
    x = (((7 * i) % 23 - 5) / scale).reshape(-1, 1)
    y = shift * x - 0.625 + (((5 * i) % 7 - 3) / 16).reshape(-1, 1)
    return x, y, torch.tensor(w0, dtype=dtype), torch.tensor(b0, dtype=dtype), lr, epochs

cases = [
    case(3, 8, 1.75, 0.25, -0.875, 0.02, 3), case(23, 8, 1.75, 0.25, -0.875, 0.125, 12),
    case(100, 2, -5.0, -10.0, -20.0, 0.005, 20), case(7, 8, 1.0, 0.5, 0.25, 0.1, 0),
    case(1, 4, 2.0, 0.25, -0.5, 0.05, 4), case(22, 8, 1.75, 0.75, -0.25, 0.1, 9),
    case(13, 6, -1.5, 0.5, 1.25, 0.07, 8), case(31, 8, 2.25, -0.5, 0.75, 0.09, 7),
    case(23, 8, 1.75, 0.25, -0.875, 1.5, 20), case(5, 5, 0.5, 1.0, -1.0, 0.11, 6),
    case(3, 8, 1.75, 0.25, -0.875, 0.02, 3, torch.float32), case(23, 8, 1.75, 0.25, -0.875, 0.125, 12, torch.float32),
    case(22, 8, 1.75, 0.75, -0.25, 0.1, 9, torch.float32),
]
for x, y, w0, b0, lr, epochs in cases:
    before = x.clone(), y.clone(), w0.clone(), b0.clone()
    result = train_batch(x, y, w0, b0, lr, epochs)
    tolerance = 1e-9 if x.dtype == torch.float64 else 1e-5
    for ours, theirs in zip(reference(*before, lr, epochs), (result.w, result.b, result.loss), strict=True):
        assert len(ours) == len(theirs)
        largest = max([abs(one) for one in ours], default=1.0)
        assert all(abs(one - other) <= tolerance * largest for one, other in zip(ours, theirs))
    assert all(torch.equal(one, other) for one, other in zip(before, (x, y, w0, b0)))
### END HIDDEN TESTS
"""

PLOT_LOSSES = """
### BEGIN HIDDEN TESTS
for losses in (
    {"batch": [4.0, 2.0, 1.0]}, {"a": [3.0, 2.0], "b": [5.0, 4.0, 3.5]},
    {"run": [9.0, 1.0, 0.5, 0.25]}, {"first": [1.0], "second": [2.0, 1.0], "third": [3.0, 2.0, 1.0]},
):
    figure = plot_losses(losses)
    (axes,) = figure.axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in axes.lines if not line.get_label().startswith("_")}
    assert drawn == losses
    assert axes.get_xlabel() and axes.get_ylabel() and (axes.get_legend() or figure.legends)
    plt.close(figure)
### END HIDDEN TESTS
"""
TESTS = {"check_train_batch": TRAIN_BATCH, "check_plot_losses": PLOT_LOSSES}


def make_course(folder, source):
    """Make a course folder from our source notebook, its check cells replaced; return the stub students get."""
    notebook = json.loads(source)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in TESTS:
            cell["source"] = TESTS[name].lstrip("\n")
        elif name == "setup":
            cell["source"] = "".join(cell["source"]).replace(
                "from graders import History, check", "from graders import History"
            )
    target = Path(folder, "source", SLUG, NOTEBOOK)
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(notebook), encoding="utf-8")
    Path(folder, "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    nbgrader(folder, "generate_assignment", SLUG)
    return Path(folder, "release", SLUG, NOTEBOOK).read_text(encoding="utf-8")
