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
"""Assignment 3: the whole training loop on all data at once, and its record."""

from __future__ import annotations

# %% [markdown]
# # 3 · Batch gradient descent
#
# You can measure how wrong a line is, find the way down, and take one step. Put the step into a loop and the
# machine **learns**. This notebook is about that loop in its plainest form: *all* the data for *every* step.
# It is called **batch gradient descent**.
#
# You also keep a record of the journey. A record that is off by one entry looks right on every plot and is
# wrong in every comparison, so the record has its own section, and its own points.
#
# | | function | what it does | points |
# |---|---|---|---|
# | 1 | `train_batch` | trains a line and records the run | 6 |
# | 2 | `plot_losses` | draws the loss of one or more runs | 2 |
#
# At the end your loop meets a table printed by a well-known tutorial, and reproduces it row by row.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History, check

# %% [markdown]
# ## In plain words
#
# Think of a marble run in reverse: instead of letting the marble roll, you carry it. At each stop you look at
# the whole sheet of dots, you work out which way the loss falls, you carry the marble a little that way, and
# you write the new place in a notebook. Then you do it again. One round over all the data is called an
# *epoch*. Here every round ends with exactly one step.
#
# How far to carry it? If every step is tiny, you get there, but not today. If every step is long, you step
# over the valley and land on the other side, higher than before, and the next slope is steeper still, so the
# next step is even longer. In between there is a wide range where it works well.
#
# The notebook deserves care as well. Ten steps visit *eleven* places, because the place where you started
# counts too. And "the loss of epoch 3" needs an agreement: before the step of that epoch, or after it?

# %% [markdown]
# ## The mathematics
#
# ### One update per epoch
#
# $$L(w, b) = \frac{1}{n}\sum_{i=1}^{n}\bigl(w\,x_i + b - y_i\bigr)^2$$
#
# $$w_{t+1} = w_t - \eta\,\frac{\partial L}{\partial w}(w_t, b_t)
# \qquad\qquad
# b_{t+1} = b_t - \eta\,\frac{\partial L}{\partial b}(w_t, b_t)
# \qquad\qquad t = 0, 1, \dots, T-1$$
#
# - $n$: the number of samples; $x_i$, $y_i$: input and target of sample $i$;
# - $w_t$, $b_t$: weight and bias after $t$ updates; $w_0$, $b_0$ is the start, given to you;
# - $L$: the mean squared error over **all** $n$ samples;
# - $\partial L/\partial w$, $\partial L/\partial b$: the two slopes of the loss, both taken at the old point;
# - $\eta$: the learning rate, `lr` in code;
# - $T$: the number of updates. In batch descent there is one for each epoch, so $T$ is the number of epochs,
#   `epochs` in code.
#
# ### What a history records
#
# | entry | holds | how many |
# |---|---|---|
# | `w[t]`, `b[t]` | $w_t$ and $b_t$, the parameters after $t$ updates | $T + 1$ |
# | `loss[e]` | $L(w_e, b_e)$, the loss on all data **before** update $e$ | $T$ |
#
# With $T = 3$ the order in time is
#
# $$w_0, b_0 \to \texttt{loss[0]} \to w_1, b_1 \to \texttt{loss[1]} \to w_2, b_2 \to \texttt{loss[2]} \to w_3, b_3$$
#
# The loss at the last parameters is not part of the record. In later notebooks `loss` means other things;
# each docstring says which.
#
# ### How long a step may be
#
# The loss of a line is a bowl. Across a bowl of curvature $\lambda$ (say "lambda": by how much the slope
# grows per unit of way), an update multiplies the distance to the bottom by $1 - \eta\lambda$. That shrinks
# the distance as long as $0 < \eta < 2/\lambda$. Beyond $2/\lambda$ each step overshoots by more than it
# gained, and the run *diverges*.

# %% [markdown]
# ## From formula to code
#
# ### A fresh gradient every time
#
# The slopes belong to the place where they were measured. So each epoch predicts anew, computes the loss
# anew, and asks for its gradient anew. And since `.grad` is added to and never replaced, slopes of earlier
# epochs must not be left in it. A loop that forgets this still goes down at first, then swings back and forth
# like a pendulum: the old slopes act like momentum.
#
# > **A common misunderstanding: "the loss goes down, so the loop is right".** Half the gradient, stale
# > slopes, one parameter that lags behind the other: all of these go down as well. What tells them apart is
# > the path, step by step. That is what the check compares.
#
# ### Numbers on paper, not live tensors
#
# A record should hold what *was*. A tensor that you change in place later changes in your list as well, since
# the list holds the tensor and not its value. And a loss kept as a tensor holds on to its whole graph, so
# memory grows with every epoch. A Python `float` is a note on paper: it stays as it was written.
#
# > **A common misunderstanding: "a list of parameters shows how they changed".** If every entry is the same
# > tensor, every entry shows the last value.
#
# ### Tensors in a loop
#
# The start `w0`, `b0` belongs to the caller, does not require grad, and must survive the run unchanged: your
# loop trains tensors of its own, with the values, dtype and device of the start. During a step PyTorch must
# not keep notes, and after the step the trained tensors must still be leaves that require grad.
#
# ### What every function keeps to
#
# - `x` and `y` are float tensors of shape `(n, 1)`, of the same dtype and on the same device as `w0` and
#   `b0`, which are 0-dimensional and never require grad.
# - Your code works for any float dtype and any device: it is judged in float64 on the CPU first, then in
#   float32 on the device the grader has.
# - Arguments are left as they were.
# - The mean squared error is the mean over all elements, without the factor ½, so its gradient carries the
#   factor 2.
# - One update uses the gradient at the *old* $(w, b)$ for both parameters.
# - A history holds plain Python floats. Entry 0 of `w` and `b` is the start, so $T$ updates give $T + 1$
#   entries.
# - Functions of earlier notebooks are not here: define what you use.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# Five friends guess the number of beans in a jar: 41, 45, 50, 52 and 57. Which single number $c$ has the
# smallest mean squared distance to all of them? The answer is their mean, 49. A walker who does not know this
# starts at $c = 20$ and goes downhill. The bowl $\tfrac15\sum_i (c - g_i)^2$, with the guesses $g_i$, has the
# slope $2\,(c - 49)$ and the curvature $\lambda = 2$ everywhere, so the limit for the learning rate is
# $2/\lambda = 1$.

# %% active="ipynb"
# guesses = [41.0, 45.0, 50.0, 52.0, 57.0]
#
#
# def bowl(c: float) -> float:
#     return sum((c - guess) ** 2 for guess in guesses) / len(guesses)
#
#
# def walk(start: float, rate: float, steps: int) -> list[float]:
#     places = [start]
#     while len(places) <= steps:
#         places.append(places[-1] - rate * 2 * (places[-1] - 49))
#     return places
#
#
# ground = [float(c) for c in range(2, 97)]
# figure, panels = plt.subplots(1, 4, figsize=(13, 3.6), sharey=True, layout="constrained")
# stories = {0.02: "too small", 0.2: "comfortable", 0.9: "swinging in", 1.03: "diverging"}
# for axes, (rate, story) in zip(panels, stories.items(), strict=True):
#     places = walk(20.0, rate, 8)
#     axes.plot(ground, [bowl(c) for c in ground], color="0.7")
#     axes.plot(places, [bowl(c) for c in places], "o-", color="tab:red", markersize=4)
#     axes.set(title=f"rate {rate}: {story}", xlabel="c")
#     axes.grid(alpha=0.3)
# panels[0].set_ylabel("mean squared distance")
# plt.show()

# %% [markdown]
# Eight steps each, from the same start. The four panels are the four fates of gradient descent: crawling,
# arriving, swinging in, flying out. Now the same walks against time, on a logarithmic scale, where a steady
# factor per step becomes a straight line. What is drawn is the distance to the best place, $|c_t - 49|$:

# %% active="ipynb"
# figure, axes = plt.subplots(figsize=(7, 3.8), layout="constrained")
# for rate, story in stories.items():
#     distance = [abs(c - 49) for c in walk(20.0, rate, 16)]
#     axes.semilogy(distance, "o-", markersize=3, label=f"rate {rate}: factor {1 - 2 * rate:+.2f} per step")
# axes.set(xlabel="updates", ylabel="distance to the best place")
# axes.legend()
# axes.grid(alpha=0.3)
# plt.show()

# %% [markdown]
# Your turn: the same with two parameters, with tensors, and with a record.

# %% [markdown]
# ## Exercise 1 · train_batch
#
# The loop. Before you write it, say aloud what happens in one epoch, in order, and mark the moment at which
# each number goes into the record.


# %% nbgrader={"grade": false, "grade_id": "train_batch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    """Train a line by batch gradient descent: one update per epoch, on all data.

    Formula
        L(w, b) = (1/n) * sum_i (w * x_i + b - y_i)^2    mean over all elements, no factor 1/2
        w_{t+1} = w_t - lr * dL/dw(w_t, b_t)
        b_{t+1} = b_t - lr * dL/db(w_t, b_t)             both gradients at the old (w_t, b_t)

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets, of the dtype and on the device of w0 and b0;
        left as they were
    w0, b0 : Tensors of shape (), the start, not requiring grad; left as they were
    lr : float, the learning rate
    epochs : int, the number of updates T; 0 is allowed

    Returns
    -------
    History of plain Python floats
        w, b : T + 1 entries; w[t], b[t] are the parameters after t updates, entry 0 is the start
        loss : T entries; loss[e] is the loss on all data before update e, in units of y squared
    """
    ### BEGIN SOLUTION
    w = w0.clone().requires_grad_()
    b = b0.clone().requires_grad_()
    ws, bs, losses = [w.item()], [b.item()], []

    for _ in range(epochs):
        error = w * x + b - y  # (n, 1)
        loss = (error**2).mean()  # ()
        losses.append(loss.item())

        # Both slopes first, then both steps.
        dw, db = torch.autograd.grad(loss, (w, b))
        with torch.no_grad():
            w -= lr * dw
            b -= lr * db
        ws.append(w.item())
        bs.append(b.item())

    return History(w=ws, b=bs, loss=losses)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_train_batch", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# check(train_batch)

# %% [markdown]
# ## Exercise 2 · plot_losses
#
# One line for each run, so that runs can be compared. It draws any numbers it is given, of any length.


# %% nbgrader={"grade": false, "grade_id": "plot_losses", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plot_losses(losses: Mapping[str, Sequence[float]]) -> Figure:
    """Draw one line for each entry: the loss of a run against its epochs.

    Formula
        the points of the line of a run: (e, loss[e]), e = 0, 1, ..., or counted from 1

    Parameters
    ----------
    losses : Mapping from the name of a run to its losses, in units of y squared: a sequence of floats
        of any length; left as it was

    Returns
    -------
    Figure with one pair of axes that holds
        - for each entry a line whose y-data are the losses, unchanged, and whose x-data count the
          epochs in order, from 0 or from 1,
        - a label on each axis, and a legend with the name of each run
    """
    ### BEGIN SOLUTION
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()
    for name, loss in losses.items():
        axes.plot(range(len(loss)), loss, label=name)
    axes.set(xlabel="epoch", ylabel="loss")
    axes.legend()
    axes.grid(visible=True)
    return figure
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_plot_losses", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(plot_losses)

# %% [markdown]
# ## The tutorial's table
#
# The tutorial [*Implementing gradient descent in
# PyTorch*](https://machinelearningmastery.com/implementing-gradient-descent-in-pytorch/) trains a line on 100
# points with $w_0 = -10$, $b_0 = -20$, a learning rate of $0.1$ and $20$ epochs, and prints this table. Each
# row holds the loss **before** the update, and weight and bias **after** it.

# %% nbgrader={"grade": false, "grade_id": "tutorial_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
TUTORIAL_TABLE = [
    # loss, w, b
    (596.7191162109375, -1.8527469635009766, -16.062074661254883),
    (343.426513671875, -7.247585773468018, -12.83026123046875),
    (202.7098388671875, -3.616910219192505, -10.298759460449219),
    (122.16651153564453, -6.0132551193237305, -8.237251281738281),
    (74.85094451904297, -4.394278526306152, -6.6120076179504395),
    (46.450958251953125, -5.457883358001709, -5.295622825622559),
    (29.111614227294922, -4.735295295715332, -4.2531514167785645),
    (18.386211395263672, -5.206836700439453, -3.4119482040405273),
    (11.687058448791504, -4.883906364440918, -2.7437009811401367),
    (7.4728569984436035, -5.092618465423584, -2.205873966217041),
    (4.808231830596924, -4.948029518127441, -1.777699589729309),
    (3.1172332763671875, -5.040188312530518, -1.4337140321731567),
    (2.0413269996643066, -4.975278854370117, -1.159447193145752),
    (1.355530858039856, -5.0158305168151855, -0.9393846988677979),
    (0.9178376793861389, -4.986582279205322, -0.7637402415275574),
    (0.6382412910461426, -5.004333972930908, -0.6229321360588074),
    (0.45952412486076355, -4.991086006164551, -0.5104631781578064),
    (0.34523946046829224, -4.998797416687012, -0.42035552859306335),
    (0.27213525772094727, -4.992753028869629, -0.3483465909957886),
    (0.22536347806453705, -4.996064186096191, -0.2906789183616638),
]

# %% [markdown]
# The tutorial's data are $x_i = -5 + 0.1\,i$ with $i = 0, \dots, 99$, and $y_i = -5\,x_i$ plus random noise
# that nobody can draw again. The noise
#
# $$e_i = -0.0599082808 + 0.0092535211\,x_i + 0.3771828231\,(-1)^i$$
#
# is not random at all, yet leads to the same table: a run of batch descent feels the data only through a few
# averages, and these agree. Solve exercise 1, then run the next cell. The last column is the greatest
# difference in a row, relative to the greatest number of its column so far; a few millionths is what the
# tutorial's float32 arithmetic and the ten digits of the noise leave over.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "tutorial_comparison", "locked": true, "schema_version": 3, "solution": false, "task": false}
# i = torch.arange(100, dtype=torch.float64).reshape(-1, 1)
# x = -5 + 0.1 * i
# y = -5 * x - 0.0599082808 + 0.0092535211 * x + 0.3771828231 * (-1) ** i
# w0, b0 = torch.tensor(-10.0, dtype=torch.float64), torch.tensor(-20.0, dtype=torch.float64)
# try:
#     w, b, loss = train_batch(x, y, w0, b0, 0.1, 20)
# except NotImplementedError:
#     print("Solve exercise 1, then run this cell again.")
# else:
#     greatest = [0.0, 0.0, 0.0]
#     print("epoch         loss           w            b   difference")
#     for epoch, printed in enumerate(TUTORIAL_TABLE):
#         yours = (loss[epoch], w[epoch + 1], b[epoch + 1])
#         greatest = [max(old, abs(new)) for old, new in zip(greatest, printed, strict=True)]
#         gaps = [abs(a - c) / g for a, c, g in zip(yours, printed, greatest, strict=True)]
#         print(f"{epoch:5d} {yours[0]:12.6f} {yours[1]:11.6f} {yours[2]:12.6f} {max(gaps):12.1e}")

# %% [markdown]
# ## Summary and key takeaways
#
# - Batch gradient descent: predict, measure, find the slopes, step; once per epoch, with all the data.
# - $T$ updates visit $T + 1$ places. The loss of an epoch is taken before its update.
# - Slopes are fresh in every epoch, both are taken at the old point, and nothing is left over from the epoch
#   before.
# - A record holds plain numbers, written down at the moment they are true.
# - The learning rate decides between crawling, arriving, swinging and flying out; the border is $2/\lambda$.
# - A falling loss is no proof. The path is.
