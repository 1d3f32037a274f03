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
"""Assignment 7: experiments with batch size, learning rate and noise, and pictures that compare fairly."""

from __future__ import annotations

# %% [markdown]
# # 7 · Experiments
#
# Which batch size is best? Which learning rate? Such questions have no answer in general, but they have one for
# *your* data, and you find it by experiment: change one thing, keep everything else, and draw a picture that
# doesn't mislead. In this notebook you build the instruments and then use them on ten thousand samples.
#
# | | function | what it does | points |
# |---|---|---|---|
# | 1 | `batch_size_sweep` | one run for each batch size, all else equal | 2 |
# | 2 | `learning_rate_sweep` | the last loss for each learning rate | 1 |
# | 3 | `loss_grid` | the loss at every point of a map | 2 |
# | 4 | `plot_paths` | the map, with the paths of descent on it | 1 |
# | 5 | `plot_comparison` | the same runs against epochs and against updates | 1 |
# | 6 | a written answer | batch against mini-batch, on much data and with more noise | 1 |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from graders import History, check

# %% [markdown]
# ## In plain words
#
# You want to know which of two bread recipes is better. You bake one today in the old oven and the other tomorrow
# in the new one, and the second is better. Was it the recipe? You cannot know: you changed two things. A **sweep**
# is the careful version: the same flour, the same oven, the same day, and only one ingredient changes from loaf to
# loaf.
#
# And then someone asks which recipe is *faster*. Per loaf? Per kilogram of flour? Per hour? The winner depends on the
# question. It is the same with descent: small batches win when you count how often the data were read, and their lead
# is gone when you count the steps. Neither picture is wrong. A picture that does not say which one it is, is.
#
# One instrument is still missing: a **map**. The model has two parameters, so its loss is a landscape over a plane,
# with a height at every point. Draw the lines of equal height, draw the paths on top, and you see at a glance why
# one run zigzags and another walks straight.

# %% [markdown]
# ## The mathematics
#
# There are $n$ samples $(x_i, y_i)$, the model $w x + b$ with weight $w$ and bias $b$, and the loss on all data is
#
# $$L(w, b) = \frac1n \sum_{i} (w x_i + b - y_i)^2 .$$
#
# ### The landscape
#
# $L$ is a bowl whose lines of equal height are ellipses around the minimum. Its curvature is the same everywhere:
# the two eigenvalues $\lambda_1 \ge \lambda_2 > 0$ of the Hessian
#
# $$H = \frac2n \sum_i \begin{pmatrix} x_i^2 & x_i \\ x_i & 1 \end{pmatrix}$$
#
# say how steep the bowl is along its short and its long axis. A map is the table of $L(w_j, b_k)$ for weights $w_1,
# w_2, \dots$ and biases $b_1, b_2, \dots$; row $j$ belongs to a weight and column $k$ to a bias.
#
# ### The learning rate
#
# One update of batch descent with learning rate $\eta$ (`lr`) multiplies the distance from the minimum by $1 -
# \eta\lambda_1$ along one axis and by $1 - \eta\lambda_2$ along the other. Above $\eta = 2/\lambda_1$ the first is
# larger than 1 in size: every update makes things worse by the same factor, and after enough of them the numbers
# leave the range of floating point.
#
# ### The noise that stays
#
# Near the minimum the full gradient vanishes, but the gradient of a batch of size $B$ does not: it still scatters,
# with a variance proportional to $\sigma^2/B$, where $\sigma$ is the standard deviation of the noise in $y$. So
# mini-batch descent with a constant $\eta$ does not come to rest. It hovers in a cloud whose variance grows with
# $\eta\,\sigma^2/B$. Batch descent has no such cloud.
#
# ### Two clocks
#
# $E$ epochs with batch size $B$ make $T = E\,\lceil n/B\rceil$ updates. A run can be drawn against the *epoch* $e$,
# the number of times the data were read, or against the *update* $t = e\,T/E$, the number of steps that were taken.

# %% [markdown]
# ## From formula to code
#
# ### All else equal
#
# Every run of a sweep starts from the same `w0`, `b0`, visits the data in the same `orders`, and differs in one
# number. If a run changes its start in place, the next run begins where it ended, and the sweep compares nothing.
#
# ### When numbers run away
#
# A diverging run first becomes large, then `inf`, then `nan` (because `inf - inf` has no value). Large is still an
# answer: it says how badly it went. `inf` and `nan` say only *that* it went badly, and since `nan` compares as
# false with everything, `min` and `sorted` go astray on it. So a sweep reports `inf` for both.
#
# ### A map without a double loop
#
# A table over all pairs can be computed with broadcasting instead of two loops. Write down the shapes first:
# weights along one dimension, biases along another, samples along a third; then take the mean over the samples.
# With ten thousand samples and a fine map the full block is large; one row at a time is a good compromise.
#
# > **A common misunderstanding: "the curve that falls fastest is the better algorithm".** Take 100 samples and ten
# > epochs. With $B=1$ there are 1000 updates, with $B=100$ there are ten. Drawn **per epoch**, $B=1$ wins by far: it
# > took a hundred steps while the other took one. Drawn **per update**, the lead is gone: step for step both come
# > down about equally far, and $B=100$ walks straight while $B=1$ jumps about and never comes to rest. Same runs,
# > same numbers, two stories. Per epoch answers "what did I get for reading the data once?", per update answers
# > "what did I get for one step?". Neither answers "what did I get for a minute?": that depends on the machine.
# > `plot_comparison` puts both side by side, so that nobody has to guess.
#
# ### What every function keeps to
#
# - `x` and `y` are float tensors of shape `(n, 1)`, of the same dtype and on the same device as `w0` and `b0`,
#   which are 0-dimensional and never require grad.
# - Your code works for any float dtype and any device: it is judged in float64 on the CPU first, then in float32 on
#   the device the grader has.
# - Arguments are left as they were.
# - The mean squared error is the mean over all elements, without the factor ½, so its gradient carries the factor
#   2.
# - One update uses the gradient at the *old* $(w, b)$ for both parameters.
# - A history holds plain Python floats. Entry 0 of `w` and `b` is the start, so $T$ updates give $T + 1$ entries.
# - `orders[e]` is the permutation of epoch $e$: int64, shape `(n,)`, on the CPU. The last batch may be smaller, it
#   *is* used, and its loss and gradient are means over its own size.
# - Functions of earlier notebooks are not here: define what you use. Your own `train_minibatch` may stand in the
#   cell of `batch_size_sweep`, below it or above it.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# **How fast, and how far?** For the line of the tutorial, the left panel shows the two factors $|1 - \eta\lambda|$
# of batch descent for every learning rate. The slower of the two decides: the best rate is where the two lines
# cross, and it is close to the edge.
#
# **Which way round is a map?** Matplotlib's `contour(X, Y, Z)` wants one row of `Z` for each value on the
# *vertical* axis. The right panel draws $f(p, q) = (p - 2q)^2 + q^2$ with `Z[row, column]` $= f(p_{column},
# q_{row})$. Keep this in mind when the rows of your own table belong to the weight.

# %% active="ipynb"
# i = torch.arange(100, dtype=torch.float64).reshape(-1, 1)
# x = -5 + i / 10
# y = -5 * x - 0.0599082808 + 0.0092535211 * x + 0.3771828231 * (-1) ** i
#
# z = torch.hstack([x, torch.ones_like(x)])  # (100, 2): rows (x_i, 1)
# small, large = torch.linalg.eigvalsh(2 * z.T @ z / 100).tolist()
# rates = torch.linspace(0, 0.14, 141, dtype=torch.float64)
#
# figure, (factors, map_) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
# factors.plot(rates, (1 - rates * large).abs(), label=f"short axis, λ = {large:.3g}")
# factors.plot(rates, (1 - rates * small).abs(), label=f"long axis, λ = {small:.3g}")
# factors.axvspan(2 / large, 0.14, color="tab:red", alpha=0.15, label="diverges")
# factors.axhline(1, color="black", linewidth=0.6)
# factors.set(xlabel="learning rate", ylabel="factor per update", title="What one update does to the distance")
#
# p, q = torch.linspace(-3, 3, 60), torch.linspace(-1.5, 1.5, 40)
# heights = (p[None, :] - 2 * q[:, None]) ** 2 + q[:, None] ** 2  # (40, 60): rows q, columns p
# map_.contour(p, q, heights, levels=[0.1, 0.5, 1, 2, 4, 8, 16, 32], cmap="viridis")
# map_.plot(0, 0, "k*", markersize=12, label="minimum")
# map_.set(xlabel="p", ylabel="q", title="Lines of equal height")
# for axes in (factors, map_):
#     axes.grid(alpha=0.3)
#     axes.legend(fontsize="small")
# plt.show()

# %% [markdown]
# ## Exercise 1 · batch_size_sweep
#
# One run of mini-batch descent for each batch size. This is your `train_minibatch` of notebook 5 and very little
# more.


# %% nbgrader={"grade": false, "grade_id": "batch_size_sweep", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_size_sweep(
    x: Tensor,
    y: Tensor,
    w0: Tensor,
    b0: Tensor,
    lr: float,
    orders: Sequence[Tensor],
    batch_sizes: Sequence[int],
) -> dict[int, History]:
    """Run mini-batch descent once for each batch size, all else equal.

    Formula
        L_k(w, b) = (1/n_k) * sum over batch k of (w * x_i + b - y_i)^2   n_k samples, no factor 1/2
        w_{t+1} = w_t - lr * dL_k/dw(w_t, b_t)
        b_{t+1} = b_t - lr * dL_k/db(w_t, b_t)                            both at the old (w_t, b_t)

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets, of the dtype and on the device of w0 and b0;
        left as they were
    w0, b0 : Tensors of shape (), the start of every run, not requiring grad; left as they were
    lr : float, the learning rate of every run
    orders : Sequence of LongTensors of shape (n,) on the CPU; orders[e] is the permutation of epoch e in
        every run; left as they were
    batch_sizes : Sequence of ints, at least 1; batch k of an epoch is order[k*B : (k+1)*B], and the last
        one may be smaller: it is used, and its loss and gradient are means over its own size

    Returns
    -------
    dict from each batch size B to the History of its run, plain Python floats, with T = ceil(n / B) *
        len(orders) updates
        w, b : T + 1 entries; w[t], b[t] are the parameters after t updates, entry 0 is the start
        loss : len(orders) entries; loss[e] = (1/n) * sum_k n_k * L_k, each L_k taken before the update of
            its batch, in units of y squared
    """
    ### BEGIN SOLUTION
    return {size: _train_minibatch(x, y, w0, b0, lr, orders, size) for size in batch_sizes}


def _train_minibatch(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    """Train a line by mini-batch descent, as in notebook 5."""
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        total = 0.0  # of the squared errors of this epoch
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            error = w * x[batch] + b - y[batch]  # (n_k, 1)
            total += len(batch) * (error**2).mean().item()
            dw, db = 2 * (error * x[batch]).mean(), 2 * error.mean()
            w, b = w - lr * dw, b - lr * db
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / len(order))
    return History(w=ws, b=bs, loss=losses)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_batch_size_sweep", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(batch_size_sweep)

# %% [markdown]
# ## Exercise 2 · learning_rate_sweep
#
# Batch descent, once for each rate, and of each run only the number it ends with. Ends: that is *after* the last
# update.


# %% nbgrader={"grade": false, "grade_id": "learning_rate_sweep", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learning_rate_sweep(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lrs: Sequence[float], epochs: int
) -> dict[float, float]:
    """Run batch descent once for each learning rate and return the loss it ends with.

    Formula
        L(w, b) = (1/n) * sum_i (w * x_i + b - y_i)^2   the mean over all elements, without the factor 1/2
        w_{t+1} = w_t - lr * dL/dw(w_t, b_t)
        b_{t+1} = b_t - lr * dL/db(w_t, b_t)            both gradients at the old (w_t, b_t), on all data
        result[lr] = L(w_T, b_T)                        T = epochs

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets, of the dtype and on the device of w0 and b0;
        left as they were
    w0, b0 : Tensors of shape (), the start of every run, not requiring grad; left as they were
    lrs : Sequence of floats, the learning rates
    epochs : int, the number of updates T of every run; 0 is allowed and gives the loss at the start

    Returns
    -------
    dict from each learning rate, in the order of `lrs`, to a plain Python float: the loss on all data
        after the last update, in units of y squared, however large; `inf` where it is not finite (inf or
        nan)
    """
    ### BEGIN SOLUTION
    last: dict[float, float] = {}
    for lr in lrs:
        w, b = w0, b0
        for _ in range(epochs):
            error = w * x + b - y  # (n, 1)
            dw, db = 2 * (error * x).mean(), 2 * error.mean()
            w, b = w - lr * dw, b - lr * db
        loss = ((w * x + b - y) ** 2).mean().item()
        last[lr] = loss if math.isfinite(loss) else math.inf
    return last
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_learning_rate_sweep", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# check(learning_rate_sweep)

# %% [markdown]
# ### Try it: the edge
#
# The same rates as in the demonstration, after 60 updates. Where is the lowest loss, and where is the edge?

# %% active="ipynb"
# w0, b0 = torch.tensor(-10.0, dtype=torch.float64), torch.tensor(-20.0, dtype=torch.float64)
# try:
#     last = learning_rate_sweep(x, y, w0, b0, [0.001, 0.01, 0.05, 0.1, 0.115, 0.12, 0.125, 0.2, 1e9], 60)
# except NotImplementedError:
#     print("Solve exercise 2, then run this cell again.")
# else:
#     for rate, loss in last.items():
#         print(f"lr {rate:<12g} loss after 60 updates {loss:12.6g}")

# %% [markdown]
# ## Exercise 3 · loss_grid
#
# The table behind the map. Rows belong to `ws`, columns to `bs`.


# %% nbgrader={"grade": false, "grade_id": "loss_grid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def loss_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Return the loss at every pair of a weight and a bias.

    Formula
        grid[j, k] = (1/n) * sum_i (ws[j] * x_i + bs[k] - y_i)^2   mean over all samples, no factor 1/2

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets; left as they were
    ws : Tensor of shape (p,), the weights, same dtype and device as x; left as it was
    bs : Tensor of shape (q,), the biases, same dtype and device as x; left as it was

    Returns
    -------
    Tensor of shape (p, q), of the dtype and on the device of x: losses, in units of y squared
    """
    ### BEGIN SOLUTION
    rows = [((w * x + bs - y) ** 2).mean(dim=0) for w in ws]  # each: (n, q) -> (q,)
    return torch.stack(rows)  # (p, q)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_loss_grid", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(loss_grid)

# %% [markdown]
# ## Exercise 4 · plot_paths
#
# The map with the paths on it. Put the weight on either axis, as long as the labels say which. Look at the
# demonstration again before you pass a table to `contour`.


# %% nbgrader={"grade": false, "grade_id": "plot_paths", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plot_paths(ws: Tensor, bs: Tensor, grid: Tensor, histories: Mapping[str, History]) -> Figure:
    """Draw lines of equal loss, and the paths of some runs on them.

    Formula
        the points of the path of a run: (w[t], b[t]), t = 0, 1, ..., T

    Parameters
    ----------
    ws : Tensor of shape (p,), weights in rising order; left as it was
    bs : Tensor of shape (q,), biases in rising order; left as it was
    grid : Tensor of shape (p, q); grid[j, k] is the loss at (ws[j], bs[k]), in units of y squared; left
        as it was
    histories : Mapping from the name of a run to its History; left as it was

    Returns
    -------
    Figure with one pair of axes that holds
        - contours (lines or filled) of the grid over ws and bs,
        - for each history a line through all its (w, b), in order,
        - labels that say which axis is w and which is b, and a legend with the name of each run
    """
    ### BEGIN SOLUTION
    figure = Figure(layout="constrained")
    axes = figure.add_subplot()

    # Levels even in the square root of the loss give rings at even distances.
    heights = grid.detach().cpu()
    levels = torch.linspace(heights.min().sqrt().item(), heights.max().sqrt().item(), 16)[1:-1] ** 2
    # contour wants a row for each value on the vertical axis, which is b here.
    axes.contour(ws.tolist(), bs.tolist(), heights.T.numpy(), levels=levels.tolist(), cmap="Greys_r")

    for name, history in histories.items():
        axes.plot(history.w, history.b, ".-", markersize=4, linewidth=1, label=name)
    axes.set(xlabel="w", ylabel="b")
    axes.legend()
    axes.grid(visible=True, alpha=0.3)
    return figure
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_plot_paths", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# check(plot_paths)

# %% [markdown]
# ## Exercise 5 · plot_comparison
#
# The two stories, side by side.


# %% nbgrader={"grade": false, "grade_id": "plot_comparison", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plot_comparison(histories: Mapping[str, History]) -> Figure:
    """Draw the loss of some runs twice, side by side: against epochs and against updates.

    Formula
        against epochs:  the points (e, loss[e]),   e = 0, 1, ..., or counted from 1
        against updates: the points (e * s, loss[e]), s = (len(w) - 1) / len(loss) updates per entry

    Parameters
    ----------
    histories : Mapping from the name of a run to its History, with at least one entry of loss each;
        left as it was

    Returns
    -------
    Figure with two pairs of axes side by side, first epochs, then updates; each holds
        - for each history a line whose y-data are its losses, unchanged, in units of y squared,
        - a label on each axis that says what it counts (one is enough where axes are shared), and a
          legend with the name of each run (one legend for both is enough)
    """
    ### BEGIN SOLUTION
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    per_epoch, per_update = figure.subplots(1, 2, sharey=True)
    for name, history in histories.items():
        epochs = range(len(history.loss))
        spacing = (len(history.w) - 1) / len(history.loss)
        per_epoch.semilogy(epochs, history.loss, ".-", label=name)
        per_update.semilogy([spacing * epoch for epoch in epochs], history.loss, ".-", label=name)
    per_epoch.set(xlabel="epoch", ylabel="loss", title="loss per epoch")
    per_update.set(xlabel="update", title="loss per update")
    for axes in (per_epoch, per_update):
        axes.legend()
        axes.grid(visible=True, alpha=0.3)
    return figure
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_plot_comparison", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# check(plot_comparison)

# %% [markdown]
# ### Try it: the whole picture
#
# All five instruments on the line of the tutorial. What does each of the two panels below the map say about batch
# size 100?

# %% active="ipynb"
# shuffle = torch.Generator().manual_seed(2)
# orders = [torch.randperm(100, generator=shuffle) for _ in range(12)]
# ws = torch.linspace(-11, 1, 60, dtype=torch.float64)
# bs = torch.linspace(-22, 8, 50, dtype=torch.float64)
# try:
#     sweep = batch_size_sweep(x, y, w0, b0, 0.03, orders, [1, 10, 100])
#     runs = {f"batch size {size}": history for size, history in sweep.items()}
#     display(plot_paths(ws, bs, loss_grid(x, y, ws, bs), runs), plot_comparison(runs))
# except NotImplementedError:
#     print("Solve exercises 1 to 5, then run this cell again.")

# %% [markdown]
# ## Exercise 6 · Written answer
#
# The next cell is the experiment: ten thousand samples, five epochs, batch sizes from 10 to 10,000, once with
# little noise in $y$ and once with ten times as much. It needs your `batch_size_sweep` and your `plot_comparison`
# and takes a few seconds. Its table shows, for each run: the number of updates, the loss of the last epoch divided
# by the variance of the noise (1 is as good as it gets), the distance of the last $(w, b)$ from the line that made
# the data, and how much $w$ still wobbles during the last epoch (its standard deviation over the updates of that
# epoch). Change sizes, rate and noise as you like.

# %% active="ipynb"
# chance = torch.Generator().manual_seed(7)
# many = 10_000
# x = 4 * torch.rand(many, 1, generator=chance, dtype=torch.float64) - 1.5
# disturbance = torch.randn(many, 1, generator=chance, dtype=torch.float64)
# orders = [torch.randperm(many, generator=chance) for _ in range(5)]
# start = torch.tensor(-2.0, dtype=torch.float64), torch.tensor(3.0, dtype=torch.float64)
#
# try:
#     for sigma in (0.3, 3.0):
#         y = 1.75 * x - 0.625 + sigma * disturbance
#         print(f"noise {sigma}\nbatch size   updates   loss/variance   distance   wobble of w")
#         runs = {}
#         for size in (10, 100, 1000, 10_000):
#             run = batch_size_sweep(x, y, *start, 0.05, orders, [size])[size]
#             runs[f"batch size {size}"] = run
#             updates = len(run.w) - 1
#             recent = torch.tensor(run.w[-(updates // 5) :])
#             distance = math.hypot(run.w[-1] - 1.75, run.b[-1] + 0.625)
#             wobble = recent.std(correction=0).item()
#             print(f"{size:10d} {updates:9d} {run.loss[-1] / sigma**2:15.3f} {distance:10.4f} {wobble:13.4f}")
#         display(plot_comparison(runs))
# except NotImplementedError:
#     print("Solve exercises 1 and 5, then run this cell again.")

# %% [markdown]
# Answer in six to ten sentences, with numbers from your own table:
#
# 1. On 10,000 samples, what does batch descent get for five passes over the data, and what do mini-batches get?
#    Which of the two panels shows it, and what does the other panel say?
# 2. What changes when the noise is ten times as large? Which batch size suffers most, and which number in the table
#    shows it?
# 3. You have to choose a batch size for this problem. Which do you take, with little noise and with much, and what
#    would you do with the learning rate towards the end?
#
# Replace the text of the next cell. It is read and graded by a person.

# %% [markdown] nbgrader={"grade": true, "grade_id": "batch_against_minibatch", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# **Five passes over 10,000 samples.** Batch descent makes five updates. With noise 0.3 its loss in the last epoch
# is still 119 times the variance of the noise, and it is 3.5 away from the line. With batch size 100 the same five
# passes make 500 updates, the loss is at the variance of the noise (factor 1.000), and the distance is 0.011. The
# panel per epoch shows this: the small batches are down after one epoch. The panel per update shows the other side:
# for the same number of updates all batch sizes come down about equally far, so a step from 10,000 samples is
# hardly better than a step from 100, and costs a hundred times as much data.
#
# **Ten times the noise.** The wobble of $w$ grows by the same factor ten: for batch size 10 from 0.023 to 0.23, for
# batch size 100 from 0.0064 to 0.064. Batch size 10 suffers most: it ends 0.55 away from the line, while batch size
# 1000 ends 0.10 away and is now as good as batch size 100. The column loss/variance hides it (1.012 in both cases),
# since it divides by the noise. Batch descent does not care: it is as far from the end as before, because its
# trouble is the small number of updates.
#
# **Choice.** With little noise batch size 100: many updates and little wobble. With much noise 1000, or 100 with a
# learning rate that becomes smaller towards the end: the cloud shrinks with the rate, and the large rate is needed
# only while the way is long.

# %% [markdown]
# ## Summary and key takeaways
#
# - A sweep changes one thing. Same start, same orders, same data; otherwise it compares nothing.
# - `nan` hides from comparisons. Report `inf` for every run that left the range of numbers.
# - The loss of a line is a bowl with elliptic rings; the ratio of its two curvatures decides how slow batch descent
#   is at its best rate.
# - Per epoch and per update are two clocks. On much data mini-batches win per epoch because they take many more steps;
#   per update their lead is gone, and the large batch walks straighter.
# - With a constant rate, mini-batch descent ends in a cloud. It grows with the noise and the rate and shrinks with
#   the batch size. A smaller rate towards the end shrinks it too.
# - A picture that does not name its horizontal axis tells whichever story you like.
