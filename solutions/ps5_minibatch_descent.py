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
"""Assignment 5: one batch, one update; and what becomes of the samples that are left over."""

from __future__ import annotations

# %% [markdown]
# # 5 · Mini-batch gradient descent
#
# Batch descent asks everyone and steps once. SGD asks one and steps at once. Between the two lies what nearly
# everybody uses: ask a **handful**, average their answers, step. The handful is called a *mini-batch*, or just a
# batch, and its size is the one number that turns SGD into batch descent.
#
# The loop is easy. The last batch is not: 23 samples do not fit evenly into batches of 7, and nearly every mistake
# in a mini-batch loop is about the two samples that are left over.
#
# | | function | what it does | points |
# |---|---|---|---|
# | 1 | `split_batches` | cuts the order of an epoch into batches | 2 |
# | 2 | `train_minibatch` | trains a line, one batch at a time | 6 |
# | 3 | `accumulated_gradients` | collects the gradient of all data in small pieces | 2 |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from torch import Tensor

from graders import History, check

# %% [markdown]
# ## In plain words
#
# You taste a soup to learn whether it needs salt. One drop tells you little: perhaps it came from beside the
# carrot. The whole pot tells you exactly, but then there is no soup left. A **spoonful** is nearly as good as the
# pot, and a spoon twice as large is not twice as good: to halve the error of your tasting, you need four times the
# soup.
#
# So you go round the pot spoon by spoon, and you season after every spoon. The last spoon comes up half empty. Do
# you pour it away? Then the soup at that edge is never tasted. Do you take it for a full one? Then you believe it
# tastes of half as much. You taste what is in it and judge **that**.

# %% [markdown]
# ## The mathematics
#
# There are $n$ samples $(x_i, y_i)$, the model $w x + b$ with weight $w$ and bias $b$, and the error of sample $i$
# is $e_i = w x_i + b - y_i$. The loss on all data is $L = \frac1n\sum_i e_i^2$.
#
# ### A batch has a loss of its own
#
# An epoch visits the samples in a given order and cuts that order into pieces of $B$ samples, the *batch size*. Let
# $\mathcal B_k$ be the samples of piece $k$ and $n_k$ their number: $n_k = B$, except that the last piece may be
# smaller. Its loss is the mean over **its own** samples,
#
# $$L_k(w, b) = \frac{1}{n_k} \sum_{i \in \mathcal B_k} e_i^2 ,$$
#
# and one update follows its gradient, with the learning rate $\eta$ (`lr`) and both slopes taken at the *old* $(w,
# b)$:
#
# $$w \leftarrow w - \eta\,\frac{2}{n_k} \sum_{i \in \mathcal B_k} e_i x_i, \qquad
#   b \leftarrow b - \eta\,\frac{2}{n_k} \sum_{i \in \mathcal B_k} e_i .$$
#
# There are $K = \lceil n/B \rceil$ pieces, so an epoch makes $K$ updates. $B = 1$ is SGD, $B = n$ is batch descent.
#
# ### How noisy is a batch?
#
# If one-sample gradients scatter around the full gradient with standard deviation $\sigma$, means of $B$ of them,
# drawn at random, scatter with about $\sigma/\sqrt{B}$, and less where $B$ comes close to $n$. Four times the
# batch, half the noise.
#
# ### One number for an epoch
#
# Each batch loss is taken just before its update, so the $K$ numbers belong to $K$ different $(w, b)$. The epoch's
# loss weighs each with the samples it stands for:
#
# $$\text{loss of the epoch} = \frac1n \sum_{k=0}^{K-1} n_k\,L_k .$$
#
# ### The same weights put a gradient together
#
# At **fixed** $(w, b)$ the weighted sum of the batch gradients is exactly the full gradient, because both are the
# same sum over samples:
#
# $$\nabla L = \sum_{k=0}^{K-1} \frac{n_k}{n}\,\nabla L_k .$$
#
# This is *gradient accumulation*. It gives the step of a large batch to a machine whose memory holds only a small
# one, a *micro-batch*.

# %% [markdown]
# ## From formula to code
#
# ### Cutting an order
#
# The order of an epoch is a permutation, a LongTensor of shape `(n,)`. Batch $k$ is its slice from $kB$ to
# $(k+1)B$. A slice that reaches past the end of a tensor just ends there, so nothing special has to be done for the
# last batch, and each special treatment is a chance to lose it. A LongTensor is also an index: `x[batch]` holds the
# rows of `x` that `batch` names, in that order. Index `x` **and** `y`, or the targets belong to other inputs.
#
# > **A common misunderstanding: "the last batch is smaller, so it matters less".** Take 23 samples and $B=7$: the
# > pieces hold 7, 7, 7 and 2. The last one makes a full update from two samples, so each of these two pulls with
# > weight $1/2$ and not $1/7$, three and a half times as hard as the others. Neither is this a bug: the gradient is
# > a mean, whatever the size. Three "repairs" make it one: dropping the two samples (they never teach anything),
# > dividing their sum by the nominal 7 (their step is too short), and averaging the four batch losses evenly (two
# > samples count as much as seven). With 21 samples all of these agree, which is why such a mistake can live in a
# > program for years.
#
# ### Recording an epoch
#
# `w` and `b` get one entry per update, `loss` one per epoch. Each batch loss is taken **before** the update of that
# batch, weighted by the size of the batch, and the sum is divided by $n$ when the epoch is over. The next epoch
# begins its sum at zero.
#
# ### What every function keeps to
#
# - `x` and `y` are float tensors of shape `(n, 1)`, of the same dtype and on the same device as `w0` and `b0` (or
#   `w` and `b`), which are 0-dimensional. `w0` and `b0` never require grad.
# - Your code works for any float dtype and any device: it is judged in float64 on the CPU first, then in float32 on
#   the device the grader has.
# - Arguments are left as they were.
# - The mean squared error is the mean over all elements, without the factor ½, so its gradient carries the factor
#   2.
# - One update uses the gradient at the *old* $(w, b)$ for both parameters.
# - A history holds plain Python floats. Entry 0 of `w` and `b` is the start, so $T$ updates give $T + 1$ entries.
# - `orders[e]` is the permutation of epoch $e$: int64, shape `(n,)`, on the CPU. The last batch may be smaller, it
#   *is* used, and its loss and gradient are means over its own size.
# - Functions of earlier notebooks are not here: define what you use.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# How well does a spoonful speak for the pot? At one fixed place $(w, b)$, each panel draws 300 random batches and
# marks the gradient of each. The cross is the gradient of all data. No training happens here: this is one place,
# looked at with spoons of four sizes.

# %% active="ipynb"
# i = torch.arange(100, dtype=torch.float64).reshape(-1, 1)
# x = -5 + i / 10
# y = -5 * x - 0.0599082808 + 0.0092535211 * x + 0.3771828231 * (-1) ** i
#
# error = -3.0 * x + 2.0 - y  # (100, 1): every error at w = -3, b = 2
# slopes = torch.hstack([2 * error * x, 2 * error])  # (100, 2): dL/dw and dL/db of every sample
# spoons = torch.rand(300, 100, generator=torch.Generator().manual_seed(0)).argsort(dim=1)  # 300 shuffles
#
# figure, panels = plt.subplots(1, 4, figsize=(11, 3.2), sharex=True, sharey=True, layout="constrained")
# for axes, size in zip(panels, (1, 10, 20, 80), strict=True):
#     gradients = slopes[spoons[:, :size]].mean(dim=1)  # (300, 2)
#     spread = gradients.std(dim=0).norm()
#     axes.plot(gradients[:, 0], gradients[:, 1], ".", markersize=3, alpha=0.5, label="one batch")
#     axes.plot(*slopes.mean(dim=0), "X", color="black", markersize=9, label="all data")
#     axes.set(title=f"batch size {size}: spread {spread:.1f}", xlabel="dL/dw")
#     axes.grid(alpha=0.3)
# panels[0].set_ylabel("dL/db")
# panels[3].legend(loc="lower right", fontsize="small")
# plt.show()

# %% [markdown]
# From 1 to 10 samples the spread falls to about a third, as $1/\sqrt{10}$ says. From 20 to 80 it falls faster than
# $1/\sqrt{4}$: a batch of 80 out of 100 leaves little to chance.
#
# ## Exercise 1 · split_batches
#
# Cut first, train later. Every sample of the order ends up in exactly one batch, and the order stays the order.


# %% nbgrader={"grade": false, "grade_id": "split_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_batches(order: Tensor, batch_size: int) -> list[Tensor]:
    """Cut the visiting order of an epoch into batches.

    Formula
        batch k = order[k * B], ..., order[(k + 1) * B - 1]        B = batch_size, k = 0, 1, ...

    Parameters
    ----------
    order : LongTensor of shape (n,) on the CPU, n at least 1: sample numbers, in the order of the visit;
        left as it was
    batch_size : int, the size B of a batch, at least 1; it may be larger than n

    Returns
    -------
    list of LongTensors of shape (B,), only the last one may be shorter; together they hold the whole
        order, in order
    """
    ### BEGIN SOLUTION
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_split_batches", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(split_batches)

# %% [markdown]
# ## Exercise 2 · train_minibatch
#
# The loop. Three moments to get right in every batch: when its loss is taken, over how many samples it is a mean,
# and which $(w, b)$ its two slopes use.


# %% nbgrader={"grade": false, "grade_id": "train_minibatch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_minibatch(
    x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, orders: Sequence[Tensor], batch_size: int
) -> History:
    """Train a line by mini-batch gradient descent: one update per batch, in the given orders.

    Formula
        L_k(w, b) = (1/n_k) * sum over batch k of (w * x_i + b - y_i)^2   n_k samples, no factor 1/2
        w_{t+1} = w_t - lr * dL_k/dw(w_t, b_t)
        b_{t+1} = b_t - lr * dL_k/db(w_t, b_t)                            both at the old (w_t, b_t)

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets, of the dtype and on the device of w0 and b0;
        left as they were
    w0, b0 : Tensors of shape (), the start, not requiring grad; left as they were
    lr : float, the learning rate
    orders : Sequence of LongTensors of shape (n,) on the CPU; orders[e] is the permutation of epoch e;
        left as they were
    batch_size : int, the size B of a batch, at least 1; batch k of an epoch is order[k*B : (k+1)*B], and
        the last one may be smaller: it is used, and its loss and gradient are means over its own size

    Returns
    -------
    History of plain Python floats, with T = ceil(n / B) * len(orders) updates
        w, b : T + 1 entries; w[t], b[t] are the parameters after t updates, entry 0 is the start
        loss : len(orders) entries; loss[e] = (1/n) * sum_k n_k * L_k, each L_k taken before the update of
            its batch, in units of y squared
    """
    ### BEGIN SOLUTION
    w, b = w0, b0
    ws, bs, losses = [w.item()], [b.item()], []
    for order in orders:
        total = 0.0  # of the squared errors of this epoch
        for start in range(0, len(order), batch_size):
            batch = order[start : start + batch_size]
            error = w * x[batch] + b - y[batch]  # (n_k, 1)
            total += len(batch) * (error**2).mean().item()

            # Both slopes first, then both steps.
            dw = 2 * (error * x[batch]).mean()
            db = 2 * error.mean()
            w, b = w - lr * dw, b - lr * db
            ws.append(w.item())
            bs.append(b.item())
        losses.append(total / len(order))
    return History(w=ws, b=bs, loss=losses)
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_train_minibatch", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# check(train_minibatch)

# %% [markdown]
# ### Try it: batch sizes 1, 10, 20, and the two ends
#
# Your function holds two algorithms you know already. With `batch_size=1` its path is the path of SGD, with
# `batch_size=n` that of batch descent. The next cell computes these two in another way, with small matrices, prints
# the greatest difference to yours, and draws the paths for batch sizes 1, 10, 20 and 100. Change the learning rate
# and the sizes.

# %% active="ipynb"
# w0, b0 = torch.tensor(-10.0, dtype=torch.float64), torch.tensor(-20.0, dtype=torch.float64)
# shuffle = torch.Generator().manual_seed(1)
# orders = [torch.randperm(100, generator=shuffle) for _ in range(10)]
# z = torch.hstack([x, torch.ones_like(x)])  # (100, 2): rows (x_i, 1)
#
# try:
#     runs = {size: train_minibatch(x, y, w0, b0, 0.02, orders, size) for size in (1, 10, 20, 100)}
# except NotImplementedError:
#     print("Solve exercise 2, then run this cell again.")
# else:
#     one, every = [torch.stack([w0, b0])], [torch.stack([w0, b0])]
#     for sample in torch.cat(orders):
#         one.append(one[-1] - 0.04 * z[sample] * (z[sample] @ one[-1] - y[sample]))
#     for _ in orders:
#         every.append(every[-1] - 0.04 * z.T @ (z @ every[-1] - y[:, 0]) / 100)
#     for name, size, points in (("SGD", 1, one), ("batch descent", 100, every)):
#         yours = torch.tensor([runs[size].w, runs[size].b], dtype=torch.float64).T
#         gap = (yours - torch.stack(points)).abs().max()
#         print(f"batch_size={size:<3d} against {name:13s}: greatest difference {gap:.1e}")
#
#     figure, (path, falling) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
#     for size, run in runs.items():
#         path.plot(run.w, run.b, ".-", markersize=3, linewidth=0.8, label=f"batch size {size}")
#         falling.semilogy(run.loss, ".-", label=f"batch size {size}")
#     path.plot(-5, 0, "k*", markersize=12, label="the line without noise")
#     path.set(xlabel="w", ylabel="b", title="Paths from the same start, lr = 0.02")
#     falling.set(xlabel="epoch", ylabel="loss of the epoch", title="Ten epochs each")
#     for axes in (path, falling):
#         axes.grid(alpha=0.3)
#         axes.legend(fontsize="small")
#     plt.show()

# %% [markdown]
# ## Exercise 3 · accumulated_gradients
#
# Pretend that the memory holds `micro_batch_size` samples and no more. Go through the data piece by piece, and
# still come out with the gradient of the loss on **all** data. The caller's `w` and `b` are only looked at:
# whatever they required or had collected before, they still do afterwards.


# %% nbgrader={"grade": false, "grade_id": "accumulated_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) -> tuple[Tensor, Tensor]:
    """Return the gradient of the loss on all data, collected over micro-batches.

    Formula
        L(w, b) = (1/n) * sum_i (w * x_i + b - y_i)^2   the mean over all n samples, without the factor 1/2
        (dL/dw, dL/db)                                  as if all data had been used at once

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets, of the dtype and on the device of w and b;
        left as they were
    w, b : Tensors of shape (), with or without requires_grad, .grad filled or not; value, requires_grad
        and .grad are left as they were
    micro_batch_size : int, at least 1; micro-batches are x[0:m], x[m:2m], ... and the last one may
        be smaller

    Returns
    -------
    tuple of two Tensors of shape (): dL/dw in units of y squared per unit of w, dL/db in units of y
        squared per unit of b
    """
    ### BEGIN SOLUTION
    # Leaves of our own: the caller's keep what they have.
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    dw, db = torch.zeros_like(w), torch.zeros_like(b)
    for start in range(0, len(x), micro_batch_size):
        inputs, targets = x[start : start + micro_batch_size], y[start : start + micro_batch_size]
        loss = ((w * inputs + b - targets) ** 2).mean()  # ()

        # The share of this micro-batch in the mean over all samples.
        share = len(inputs) / len(x)
        part_w, part_b = torch.autograd.grad(loss, (w, b))
        dw, db = dw + share * part_w, db + share * part_b
    return dw.detach(), db.detach()
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_accumulated_gradients", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(accumulated_gradients)

# %% [markdown]
# ## Summary and key takeaways
#
# - One update per batch: $\lceil n/B \rceil$ per epoch. $B=1$ is SGD and $B=n$ is batch descent, not nearly but
#   exactly.
# - The noise of a batch falls with $1/\sqrt{B}$; the work of a step grows with $B$.
# - The last batch may be smaller. It is used, and all its means are over its own size.
# - The loss of an epoch weighs every batch loss with its number of samples. The mean of the batch means is another
#   number as soon as $B$ does not divide $n$.
# - The loss of an epoch belongs to no single $(w, b)$: the parameters moved while it was collected.
# - With weights $n_k/n$, the gradients of micro-batches add up to the full gradient. Memory is no limit to the
#   batch size.
