# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% active="py"
"""Assignment 1: a line through data, and the number that says how wrong it is."""

from __future__ import annotations

# %% [markdown]
# # 1 · The model and its loss
#
# You have some points and you believe that a straight line lies behind them. Two questions come before any
# learning can start: **what does a given line predict**, and **how wrong is it**? In this notebook you answer
# both with a few lines of PyTorch. Everything in the later notebooks, from plain gradient descent to
# `torch.optim`, stands on these two answers.
#
# You write four functions:
#
# | | function | what it does | points |
# |---|---|---|---|
# | 1 | `make_line` | makes data that follow a line, with noise | 1 |
# | 2 | `forward` | predicts with a line | 2 |
# | 3 | `mse` | says how wrong the predictions are | 3 |
# | 4 | `plot_fit` | shows data and line together | 2 |
#
# Run the cells from top to bottom. After each exercise stands a check cell: run it as often as you like. It
# tells you what agrees, what differs and where to look next.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History, check

# %% [markdown]
# ## In plain words
#
# Picture a ruler lying on a sheet of dots. You can do two things with the ruler: **tilt** it and **slide it
# up or down**. Nothing else. The tilt is called the *weight* $w$, the height is called the *bias* $b$. Fix
# the two and the ruler answers every question "what do you expect at this place?" with one number: the height
# of the ruler there. That is the whole *model*.
#
# How good is a position of the ruler? At every dot, measure the vertical gap between dot and ruler. Build a
# square whose side is that gap. The *loss* is the average area of these squares. A dot twice as far away has
# a square four times as large, so far-off dots shout louder. A perfect ruler has no squares left, and a loss
# of zero.

# %% [markdown]
# ## The mathematics
#
# There are $n$ samples, counted by $i = 1, \dots, n$. Sample $i$ has an input $x_i$ and a target $y_i$.
#
# ### The model
#
# $$\hat y_i = w\,x_i + b$$
#
# - $x_i$: the input of sample $i$, a number you know;
# - $w$: the **weight**, by how much the prediction changes when the input grows by one;
# - $b$: the **bias**, the prediction where the input is zero;
# - $\hat y_i$ (say "y hat"): the **prediction** for sample $i$.
#
# The units tell you which is which. If $x$ is in weeks and $y$ in centimetres, then $w$ is in centimetres per
# week, and $b$ in centimetres.
#
# ### The loss
#
# $$L(w, b) = \frac{1}{n}\sum_{i=1}^{n}\bigl(\hat y_i - y_i\bigr)^2$$
#
# - $\hat y_i - y_i$: the **error** of sample $i$, in the units of $y$, positive where the line is too high;
# - $L$: the **mean squared error** (MSE), in the units of $y$ *squared*.
#
# The order of the three words is the order of the work, read from the back: first the *error*, then its
# *square*, then the *mean* of the squares. Some books write a factor $\tfrac12$ in front. This course does
# not.
#
# Data that follow a line, but not exactly, are made by adding a disturbance $e_i$, the **noise**, to every
# target:
#
# $$y_i = \text{slope}\cdot x_i + \text{intercept} + e_i$$

# %% [markdown]
# ## From formula to code
#
# ### Columns, not rows
#
# In this course the $n$ inputs stand in a tensor of shape `(n, 1)`: $n$ rows, one column. So do the targets
# and the predictions. A parameter such as $w$ is a single number in a tensor of shape `()`, called
# *0-dimensional*. PyTorch stretches a single number over a whole column, so the formula of the model can be
# written just as it stands above, with no loop.
#
# > **A common misunderstanding: "the same $n$ numbers are the same tensor".** A column of shape `(n, 1)`
# > minus a flat tensor of shape `(n,)` is not $n$ differences. PyTorch lays the one along the rows and the
# > other along the columns, and gives *every* difference, $n \times n$ of them. Nothing fails and nothing
# > warns; the loss is only a wrong number. The demonstration below shows it on three numbers. This is the
# > best-known silent bug in training code, and it is why your `mse` refuses unequal shapes.
#
# ### A loss you can walk back through
#
# In the next notebook PyTorch walks back from the loss to $w$ and $b$, to find out how each of them should
# change. For that it keeps notes while your tensors are computed. The notes survive as long as a result stays
# a tensor that was computed from tensors. They are lost where a value is turned into a Python number and
# back, or taken out with `.detach()`, `.item()` or `.data`. So `forward` and `mse` stay with tensors from
# their arguments to their result.
#
# > **A common misunderstanding: "the loss is a number, so I return a float".** The loss is a tensor *holding*
# > one number, of shape `()`. The number alone has forgotten where it came from.
#
# ### What every function keeps to
#
# These rules hold in the whole course, and the docstring of each exercise repeats the ones it needs.
#
# - `x` and `y` are float tensors of shape `(n, 1)`, of the same dtype and on the same device as `w` and `b`.
#   `w` and `b` are 0-dimensional.
# - Your code works for any float dtype and any device: it is judged in float64 on the CPU first, then in
#   float32 on the device the grader has. So a new tensor takes its dtype and device from the arguments.
# - Arguments are left as they were.
# - The mean squared error is the mean over all elements, without the factor ½.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# A bean plant was measured every week. Three people laid their ruler on the sheet. Whose loss is smallest?
# Every gap is drawn as the square it contributes; the loss is the average area of the squares.

# %% active="ipynb"
# weeks = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
# height = [1.6, 2.9, 2.8, 4.5, 4.4, 6.1]  # centimetres
# rulers = {"too flat": (0.3, 2.2), "too high": (0.85, 1.7), "about right": (0.84, 0.78)}
#
# figure, panels = plt.subplots(1, 3, figsize=(11, 4.2), sharey=True, layout="constrained")
# for axes, (name, (tilt, start)) in zip(panels, rulers.items(), strict=True):
#     areas = []
#     for week, measured in zip(weeks, height, strict=True):
#         ruler = tilt * week + start
#         gap = ruler - measured
#         areas.append(gap * gap)
#         corner = (week, min(ruler, measured))
#         axes.add_patch(plt.Rectangle(corner, abs(gap), abs(gap), color="tab:orange", alpha=0.35))
#     axes.plot(weeks, height, "o", color="tab:blue", label="measured")
#     axes.plot([0, 8], [start, tilt * 8 + start], color="tab:red", label="ruler")
#     axes.set(title=f"{name}: loss {sum(areas) / len(areas):.3f} cm²", xlabel="week", aspect="equal")
#     axes.set(xlim=(0, 8), ylim=(0, 8))
#     axes.grid(alpha=0.3)
# panels[0].set_ylabel("height in cm")
# panels[0].legend(loc="upper left")
# plt.show()

# %% [markdown]
# The flat ruler and the high one are wrong in different ways, and one number sums up both. That number is what
# gradient descent will push down.
#
# Now the silent bug, on three numbers. Both tensors hold the same values, so every difference should be zero:

# %% active="ipynb"
# column = torch.tensor([[1.0], [2.0], [3.0]])  # shape (3, 1)
# flat = torch.tensor([1.0, 2.0, 3.0])  # shape (3,)
# print("column - column has shape", tuple((column - column).shape))
# print("column - flat   has shape", tuple((column - flat).shape))
# print(column - flat)

# %% [markdown]
# ## Exercise 1 · make_line
#
# To test a learner you need data whose answer you know. The noise arrives as an argument, so the same call
# gives the same data on every machine.


# %% nbgrader={"grade": false, "grade_id": "make_line", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_line(x: Tensor, slope: float, intercept: float, noise: Tensor) -> Tensor:
    """Return targets that lie on a line, with noise added.

    Formula
        y_i = slope * x_i + intercept + noise_i

    Parameters
    ----------
    x : Tensor of shape (n, 1), the inputs; left as it was
    slope : float, in units of y per unit of x
    intercept : float, in units of y
    noise : Tensor of shape (n, 1), in units of y, the same dtype and device as x; left as it was

    Returns
    -------
    Tensor of shape (n, 1): the targets y, of the dtype and on the device of x
    """
    ### BEGIN SOLUTION
    return slope * x + intercept + noise  # (n, 1)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_make_line", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# check(make_line)

# %% [markdown]
# ## Exercise 2 · forward
#
# The model itself. Read *The model* again if you are unsure which parameter is multiplied by the input.


# %% nbgrader={"grade": false, "grade_id": "forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return the predictions of the line with weight w and bias b.

    Formula
        y_pred_i = w * x_i + b

    Parameters
    ----------
    x : Tensor of shape (n, 1), the inputs; left as it was
    w : Tensor of shape (), the weight, in units of y per unit of x; left as it was
    b : Tensor of shape (), the bias, in units of y; left as it was

    Returns
    -------
    Tensor of shape (n, 1): the predictions, of the dtype and on the device of x,
        differentiable in w and in b (autograd can walk back from them to both)
    """
    ### BEGIN SOLUTION
    return w * x + b  # (n, 1)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(forward)

# %% [markdown]
# ## Exercise 3 · mse
#
# The loss. Half of the work is to say no: where the two shapes are unequal, there is no honest answer.


# %% nbgrader={"grade": false, "grade_id": "mse", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mse(y_pred: Tensor, y: Tensor) -> Tensor:
    """Return the mean squared error of the predictions.

    Formula
        L = (1/n) * sum_i (y_pred_i - y_i)^2        the mean over all elements, without the factor 1/2

    Parameters
    ----------
    y_pred : Tensor of any shape, usually (n, 1): the predictions; left as it was
    y : Tensor of the same shape: the targets; left as it was

    Returns
    -------
    Tensor of shape (): the loss, in units of y squared, of the dtype and on the device of y_pred,
        differentiable in y_pred

    Raises
    ------
    ValueError
        where the shapes of y_pred and y are not equal. (n, 1) and (n,) are not equal.
    """
    ### BEGIN SOLUTION
    # Broadcasting would turn (n, 1) - (n,) into n * n differences without a word.
    if y_pred.shape != y.shape:
        raise ValueError(f"unequal shapes: y_pred {tuple(y_pred.shape)}, y {tuple(y.shape)}")
    error = y_pred - y  # (n, 1)
    return (error**2).mean()  # ()
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_mse", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# check(mse)

# %% [markdown]
# ## Exercise 4 · plot_fit
#
# A figure says at a glance what a loss of 0.17 does not. `figure, axes = plt.subplots()` gives you an empty
# one. A tensor that requires grad or lives on another device has to become plain numbers before it can be
# drawn.


# %% nbgrader={"grade": false, "grade_id": "plot_fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plot_fit(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Figure:
    """Draw the data and the line with weight w and bias b in one figure.

    Formula of the line
        y = w * x + b

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), the data; left as they were
    w, b : Tensors of shape (), the parameters of the line; left as they were

    Returns
    -------
    Figure with one pair of axes that holds
        - the data as markers,
        - the line over the range of the data (two points are enough; `axes.axline` is fine too),
        - a label on each axis, a legend that names data and line, and a grid
    """
    ### BEGIN SOLUTION
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()

    axes.plot(x.flatten().tolist(), y.flatten().tolist(), "o", label="data")

    # Two points are a line: its ends.
    ends = [x.min().item(), x.max().item()]
    axes.plot(ends, [w.item() * end + b.item() for end in ends], label="line")

    axes.set(xlabel="x", ylabel="y")
    axes.legend()
    axes.grid(visible=True)
    return figure
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_plot_fit", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(plot_fit)

# %% [markdown]
# ## Summary and key takeaways
#
# - A line has two parameters: the weight $w$ tilts it, the bias $b$ lifts it.
# - The mean squared error takes the error, squares it, and averages the squares, in this order. Its unit is
#   the unit of $y$ squared, and it is zero for a perfect fit only.
# - Shapes are part of the meaning. Two tensors with the same numbers and different shapes can give a wrong
#   loss without any error, so a careful function compares shapes first.
# - A loss that stays a tensor remembers how it was made. The next notebook asks it: *which way is down?*
