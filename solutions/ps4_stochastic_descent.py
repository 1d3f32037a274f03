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
"""Assignment 4: one sample, one update; and why one learning rate is not another."""

from __future__ import annotations

# %% [markdown]
# # 4 · Stochastic gradient descent
#
# Batch descent looks at every sample before it takes one step. With a hundred samples that is a sensible habit;
# with a hundred million it means reading the whole library before writing the first word. *Stochastic* gradient
# descent (SGD) takes the opposite view: look at **one** sample, take a step, look at the next.
#
# You make the orders in which samples are visited, write the loop that visits them, compute the largest learning
# rate that batch descent survives, and then explain why a famous-looking run at `lr=0.1` reaches $10^{13}$.
#
# | | function | what it does | points |
# |---|---|---|---|
# | 1 | `make_orders` | draws the order of every epoch | 2 |
# | 2 | `train_sgd` | trains a line, one sample at a time | 5 |
# | 3 | `largest_stable_lr` | says where batch descent stops being stable | 2 |
# | 4 | a written answer | explains a run that explodes | 1 |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from graders import History, check

# %% [markdown]
# ## In plain words
#
# You walk down a hill in fog and ask for the way. Batch descent asks **everyone** in the village, averages all the
# answers, and then takes one careful step. SGD asks the **first person it meets**, takes a step at once, asks the
# next person, takes another step. Each single answer is a little wrong, since everyone knows only their own corner
# of the hill. But a hundred roughly right steps are taken in the time of one careful step, and on average the
# answers point the right way.
#
# Two things decide how well this goes. *Whom you ask next*: if you always walk past the same houses in the same
# order, their opinions pull you in the same rhythm, so the villagers are shuffled anew every day (every epoch). And
# *how far you follow one answer*: a person with a very strong opinion can throw you across the valley, although the
# village as a whole never would.

# %% [markdown]
# ## The mathematics
#
# There are $n$ samples $(x_i, y_i)$, $i = 0, \dots, n-1$. The model is the line $w x + b$ with weight $w$ and bias
# $b$. The error of sample $i$ and its own loss are
#
# $$e_i(w, b) = w x_i + b - y_i, \qquad L_i(w, b) = e_i^2 .$$
#
# The loss on all data is their mean, $L = \frac1n \sum_i L_i$. One SGD update with sample $i$ and learning rate
# $\eta$ (`lr`) uses only that sample's gradient, taken at the *old* $(w, b)$ for both parameters:
#
# $$w \leftarrow w - \eta \, 2 e_i x_i, \qquad b \leftarrow b - \eta \, 2 e_i .$$
#
# Draw $i$ evenly from all samples and the expected gradient is $\frac1n \sum_i \nabla L_i = \nabla L$: on average,
# SGD steps in the direction of batch descent.
#
# **Which steps are stable?** The loss is a parabola in $(w, b)$. Its second derivatives, the Hessian $H$, do not
# depend on $(w, b)$ at all:
#
# $$H = \begin{pmatrix} \partial^2 L/\partial w^2 & \partial^2 L/\partial w\,\partial b \\ \partial^2 L/\partial b\,\partial w & \partial^2 L/\partial b^2 \end{pmatrix}
#   = \frac2n \sum_i \begin{pmatrix} x_i^2 & x_i \\ x_i & 1 \end{pmatrix} .$$
#
# Measured from the minimum and along an eigenvector of $H$ with eigenvalue $\lambda$, one *batch* update multiplies
# the distance by $1 - \eta\lambda$. That shrinks as long as $|1 - \eta\lambda| < 1$, so batch descent is stable
# below $\eta_{\max} = 2 / \lambda_{\max}$, where $\lambda_{\max}$ is the larger eigenvalue.
#
# For **one** sample the same calculation is shorter. After an update with sample $i$, that sample's own error is
#
# $$e_i^{\text{new}} = \bigl(1 - 2\eta\,(x_i^2 + 1)\bigr)\, e_i .$$
#
# Keep this formula in mind for the written answer: it holds for each sample separately.

# %% [markdown]
# ## From formula to code
#
# ### One epoch, step by step
#
# An *epoch* is one visit to every sample. With $n$ samples and $E$ epochs SGD makes $nE$ updates, so the record of
# the path has $nE + 1$ entries, the start included.
#
# 1. At the start of epoch $e$, write down the loss on **all** data at the current $(w, b)$. This is `loss[e]`.
# 2. Take the order of this epoch, `orders[e]`. It says which sample comes first, second, third.
# 3. For each sample in that order: take its error and its gradient at the current $(w, b)$, move both parameters,
#    write down the new place.
#
# So `w` and `b` grow by one entry per *update*, and `loss` by one entry per *epoch*. A curve of `loss` hides all
# that happens between two entries; the demonstration shows how much that can be.
#
# ### Orders are data
#
# An order that is drawn inside the loop makes every run different. Passed in as data, the same orders give the same
# path on every machine, and two programs can be compared number by number. Chance has one place, the *generator*:
# an object that hands out random numbers and remembers how far it has come. Two generators with the same seed hand
# out the same numbers.
#
# ### What every function keeps to
#
# - `x` and `y` are float tensors of shape `(n, 1)`, of the same dtype and on the same device as `w0` and `b0`,
#   which are 0-dimensional and never require grad.
# - Your code works for any float dtype and any device: it is judged in float64 on the CPU first, then in float32 on
#   the device the grader has.
# - Arguments are left as they were; a generator may advance.
# - The mean squared error is the mean over all elements, without the factor ½, so its gradient carries the factor
#   2.
# - One update uses the gradient at the *old* $(w, b)$ for both parameters.
# - A history holds plain Python floats. Entry 0 of `w` and `b` is the start, so $T$ updates give $T + 1$ entries.
# - `orders[e]` is the permutation of epoch $e$: int64, shape `(n,)`, on the CPU.
# - Functions of earlier notebooks are not here: define what you use.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# **Many arrows, one mean.** Below, the gradient of *every single sample* at one point $(w, b)$ is drawn as a dot,
# and their mean, the batch gradient, as a cross. The dots scatter widely: a single sample may even point the other
# way. Their mean is what batch descent follows.

# %% active="ipynb"
# i = torch.arange(100, dtype=torch.float64)
# x = (-5 + i / 10).view(-1, 1)
# noise = -0.0599082808 + 0.0092535211 * x + 0.3771828231 * ((-1.0) ** i).view(-1, 1)
# y = -5 * x + noise
#
# error = -3.0 * x + 2.0 - y  # (100, 1): all errors at w = -3, b = 2
# arrows = torch.cat([2 * error * x, 2 * error], dim=1)  # (100, 2)
# mean = arrows.mean(dim=0)
#
# figure, axes = plt.subplots(figsize=(6, 3.6))
# points = axes.scatter(arrows[:, 0], arrows[:, 1], c=x[:, 0], cmap="coolwarm", s=18, label="one sample")
# axes.scatter(mean[0], mean[1], marker="X", s=140, color="black", label="mean of all: the batch gradient")
# axes.axhline(0, color="grey", linewidth=0.6)
# axes.axvline(0, color="grey", linewidth=0.6)
# axes.set(xlabel="dL/dw", ylabel="dL/db", title="100 one-sample gradients at w = -3, b = 2")
# figure.colorbar(points, label="x of the sample")
# axes.set_ylim(-32, 28)
# axes.legend(loc="lower right", fontsize="small")
# plt.show()

# %% [markdown]
# > **A common misunderstanding: "SGD reached 1e13, so float32 must have failed".**
# >
# > The tutorial runs SGD on this line with `lr=0.1`, in order, starting at $w=-10$, $b=-20$, and its loss jumps to
# > $10^{13}$ and stays there (with the noise used here it is $10^{15}$). Rounding is the usual suspect. Run the
# > same steps in `float32` and in `float64`, as the next cell does (each step is written as a $2\times2$ matrix, in
# > NumPy): **both precisions reach the same height**. The height belongs to the method. What rounding adds is the
# > *flicker* of the float32 curve: within an epoch $|w|$ passes $10^{14}$, where neighbouring float32 numbers lie
# > more than $10^7$ apart, and that error is still there when the parameters come back.
# >
# > The left picture looks inside the first two epochs, where the loss per epoch shows nothing at all.

# %% active="ipynb"
# def matrix_steps(lr, dtype, epochs=20):
#     """Loss on all data before every one-sample step, in order; each step is theta <- M theta + v."""
#     z = np.hstack([x.numpy(), np.ones((100, 1))]).astype(dtype)  # (100, 2): rows (x_i, 1)
#     targets = y.numpy()[:, 0].astype(dtype)
#     theta = np.array([-10, -20], dtype=dtype)
#     matrices = np.eye(2, dtype=dtype) - dtype(2 * lr) * z[:, :, None] * z[:, None, :]
#     vectors = dtype(2 * lr) * targets[:, None] * z
#     losses = []
#     for _ in range(epochs):
#         for matrix, vector in zip(matrices, vectors, strict=True):
#             losses.append(np.mean((z @ theta - targets) ** 2))
#             theta = matrix @ theta + vector
#     return np.array(losses)
#
#
# single, double = matrix_steps(0.1, np.float32), matrix_steps(0.1, np.float64)
# figure, (inside, epochs) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
# inside.semilogy(double[:200], label="float64")
# inside.axvspan(20, 80, color="tab:green", alpha=0.15, label="|x| ≤ 3")
# inside.axvspan(120, 180, color="tab:green", alpha=0.15)
# inside.set(xlabel="update", ylabel="loss on all data", title="Inside the first two epochs, lr = 0.1")
# epochs.semilogy(single[::100], "o-", label="float32")
# epochs.semilogy(double[::100], "s--", label="float64")
# epochs.semilogy(matrix_steps(0.03, np.float64)[::100], ".-", label="float64, lr = 0.03")
# epochs.set(xlabel="epoch", ylabel="loss at the start of the epoch", title="What the loss per epoch shows")
# for axes in (inside, epochs):
#     axes.grid(alpha=0.3)
#     axes.legend()
# plt.show()

# %% [markdown]
# ## Exercise 1 · make_orders
#
# One fresh permutation of $0, \dots, n-1$ for every epoch. All chance comes from the `generator` you are given: the
# same seed gives the same orders, and the global random state of PyTorch stays as it was. Look up `torch.randperm`
# in the documentation and read all of its arguments.


# %% nbgrader={"grade": false, "grade_id": "make_orders", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]:
    """Draw the visiting order of every epoch.

    Formula
        orders[e] = a fresh permutation of 0, 1, ..., n - 1        one for each epoch

    Parameters
    ----------
    n : int, the number of samples, at least 1
    epochs : int, the number of orders, 0 or more
    generator : torch.Generator on the CPU, the only source of chance; it advances, so a second call gives
        other orders

    Returns
    -------
    list of `epochs` Tensors, each int64, of shape (n,) and on the CPU
        The same seed gives the same list. The global random state is left as it was.
    """
    ### BEGIN SOLUTION
    return [torch.randperm(n, generator=generator) for _ in range(epochs)]
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_make_orders", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(make_orders)

# %% [markdown]
# ## Exercise 2 · train_sgd
#
# The loop of the section *One epoch, step by step*. You may write the gradient by hand or let autograd find it. Two
# questions to settle before you type: at which parameters is `loss[e]` taken, and which $(w, b)$ does the gradient
# for $b$ use?


# %% nbgrader={"grade": false, "grade_id": "train_sgd", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor]) -> History:
    """Train a line by stochastic gradient descent: one update per sample, in the given orders.

    Formula
        L(w, b) = (1/n) * sum_i (w * x_i + b - y_i)^2   the mean over all elements, without the factor 1/2
        e_i = w_t * x_i + b_t - y_i                     the error of the sample that is visited
        w_{t+1} = w_t - lr * 2 * e_i * x_i
        b_{t+1} = b_t - lr * 2 * e_i                    both at the old (w_t, b_t)

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets, of the dtype and on the device of w0 and b0;
        left as they were
    w0, b0 : Tensors of shape (), the start, not requiring grad; left as they were
    lr : float, the learning rate
    orders : Sequence of LongTensors of shape (n,) on the CPU; orders[e] is the permutation of epoch e;
        left as they were

    Returns
    -------
    History of plain Python floats, with T = n * len(orders) updates
        w, b : T + 1 entries; w[t], b[t] are the parameters after t updates, entry 0 is the start
        loss : len(orders) entries; loss[e] is L on *all* data at the *start* of epoch e, in units
            of y squared
    """
    ### BEGIN SOLUTION
    w, b = w0, b0
    path_w, path_b, losses = [w.item()], [b.item()], []
    for order in orders:
        # What the epoch starts with, on all data.
        losses.append(torch.mean((w * x + b - y) ** 2).item())
        for i in order.tolist():
            # One sample's gradient, at the old parameters for both.
            error = w * x[i, 0] + b - y[i, 0]  # ()
            w, b = w - lr * 2 * error * x[i, 0], b - lr * 2 * error
            path_w.append(w.item())
            path_b.append(b.item())
    return History(path_w, path_b, losses)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_train_sgd", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# check(train_sgd)

# %% [markdown]
# ### Try it: in order, or shuffled?
#
# With your two functions written, the next cell runs SGD on the line of the demonstration, once past the samples from
# left to right in every epoch and once in fresh orders. Change the seed and the learning rate and watch the two paths.

# %% active="ipynb"
# start = torch.tensor(-10.0, dtype=torch.float64), torch.tensor(-20.0, dtype=torch.float64)
# try:
#     shuffled = make_orders(100, 5, torch.Generator().manual_seed(0))
#     runs = {
#         "in order": train_sgd(x, y, *start, 0.01, [torch.arange(100)] * 5),
#         "shuffled": train_sgd(x, y, *start, 0.01, shuffled),
#     }
# except NotImplementedError:
#     print("Solve exercises 1 and 2, then run this cell again.")
# else:
#     figure, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
#     for name, run in runs.items():
#         axes.plot(run.w, run.b, ".-", markersize=3, linewidth=0.8, label=name)
#     axes.plot(-5, 0, "k*", markersize=12, label="the line without noise")
#     axes.set(xlabel="w", ylabel="b", title="Two SGD paths from the same start, lr = 0.01")
#     axes.grid(alpha=0.3)
#     axes.legend()
#     plt.show()

# %% [markdown]
# ## Exercise 3 · largest_stable_lr
#
# The bound of the section *The mathematics*: $2/\lambda_{\max}$ for the Hessian of the loss on all data. It depends
# on `x` alone. `torch.linalg` knows symmetric eigenvalues; for a $2 \times 2$ matrix pencil and paper do as well.


# %% nbgrader={"grade": false, "grade_id": "largest_stable_lr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def largest_stable_lr(x: Tensor) -> float:
    """Return the learning rate above which *batch* descent on these inputs diverges.

    Formula
        2 / lambda_max, the largest eigenvalue of the Hessian of the mean squared error (without the
            factor 1/2)

        H = (2/n) * [[sum_i x_i^2, sum_i x_i],
                     [sum_i x_i,   n        ]]

    Parameters
    ----------
    x : Tensor of shape (n, 1), the inputs, n at least 1; left as it was

    Returns
    -------
    float, a plain Python number: a learning rate, in units of 1 over the curvature of the loss
    """
    ### BEGIN SOLUTION
    z = torch.cat([x, torch.ones_like(x)], dim=1)  # (n, 2): rows (x_i, 1)
    hessian = 2 * z.T @ z / len(x)  # (2, 2)
    eigenvalues = torch.linalg.eigvalsh(hessian)  # ascending
    return 2 / float(eigenvalues[-1])
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_largest_stable_lr", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(largest_stable_lr)

# %% [markdown]
# ## Exercise 4 · Written answer
#
# The tutorial's SGD run (the line of the demonstration, in order, `lr=0.1`) reaches a loss of $10^{13}$ and more.
# Batch descent with the same `lr=0.1` on the same data converges. **Why?** Answer in five to eight sentences, with
# numbers you computed here:
#
# 1. What does `largest_stable_lr(x)` say about `lr=0.1`, and what about a single sample such as
#    `largest_stable_lr(x[:1])`?
# 2. By which factor does one update multiply a sample's own error at $x = -5$, at $x = 2$, at $x = 4.9$? For which
#    $x$ does it grow?
# 3. Why does the loss stay near the same height instead of running to infinity, and what part, if any, does
#    `float32` play?
#
# Replace the text of the next cell. It is read and graded by a person.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_sgd_explodes", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# `largest_stable_lr(x)` is 0.12, so batch descent at 0.1 is just stable. That bound belongs to the *mean* curvature
# of all samples. SGD follows one sample at a time, and one sample has curvature $2(x_i^2 + 1)$ in its own
# direction: at $x=-5$ the bound is $1/26 \approx 0.038$, far below 0.1.
#
# One update multiplies the sample's own error by $1 - 0.2(x_i^2 + 1)$: this is $-4.2$ at $x=-5$, $0$ at $x=2$ (the
# sample is solved exactly) and $-4.0$ at $x=4.9$. Its size exceeds 1 for $|x| > 3$. In order, the epoch begins and
# ends with twenty such samples in a row, whose directions $(x_i, 1)$ are nearly parallel, so the factors multiply:
# about $7 \cdot 10^6$ over the last twenty. The sixty samples in the middle shrink nearly everything away, and what
# they leave is of the size of the noise. So every epoch begins the last climb from about the same residue, ends at
# errors near $10^7$, and the loss, their square, is recorded there at about $10^{13}$ to $10^{15}$, depending on
# the noise. It neither converges nor runs to infinity.
#
# float64 reaches the same height, so rounding is not the cause; in float32 it only makes the curve flicker. A rate
# below 0.038, or a fresh shuffle together with a smaller rate, cures it.

# %% [markdown]
# ## Summary and key takeaways
#
# - SGD makes one update per **sample**: $n$ per epoch, so `w` and `b` have $nE + 1$ entries while `loss` has $E$.
# - A one-sample gradient is the batch gradient *on average*; each single one may point elsewhere.
# - Orders are data. A fresh permutation per epoch, from a generator you hold in your hand, makes a run
#   reproducible.
# - $2/\lambda_{\max}$ protects **batch** descent. One sample has its own bound, $1/(x_i^2+1)$, and it can be much
#   smaller.
# - A loss recorded once per epoch can hide fifteen orders of magnitude and more between two entries.
# - Before you blame rounding, run the same steps in `float64`.
