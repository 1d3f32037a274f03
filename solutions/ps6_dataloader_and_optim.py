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
# mypy: disable-error-code="type-arg"
"""Assignment 6: the same loop in the words of PyTorch: Dataset, DataLoader, nn.Module, torch.optim."""

from __future__ import annotations

# %% [markdown]
# # 6 · DataLoader and torch.optim
#
# You have written the loop by hand: cut the order, pick the rows, find the slopes, step, record. PyTorch has a word
# for every one of these jobs, and the words are used in nearly every training program in the world. In this
# notebook you write the same loop with them, and because you know what stands behind each word, none of it is
# magic.
#
# | | name | what it does | points |
# |---|---|---|---|
# | 1 | `LineDataset` | holds the samples and hands them out one by one | 2 |
# | 2 | `make_loader` | serves batches in a given order | 2 |
# | 3 | `train_with_optimizer` | trains any model with `torch.optim.SGD` | 3 |
# | 4 | `train_with_accumulation` | the same, one update for several batches | 1 |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from graders import check

# %% [markdown]
# ## In plain words
#
# Think of a restaurant. In the **pantry** every ingredient has a number, and you may ask for "number 17" or "how
# many are there?". That is a *Dataset*, and it answers no other question. The **waiter** walks to the pantry with a
# list of numbers, puts what he fetches on trays and carries tray after tray to the kitchen. That is a *DataLoader*;
# a tray is a batch, and the last tray may be half full. The **cook** makes a dish from a tray: that is the *model*.
# A guest says how far the dish is from what was ordered: the *loss function*. And the **chef** walks through the
# kitchen afterwards and turns every knob a little in the direction that would have pleased the guest: the
# *optimizer*. The chef doesn't know what is being cooked. He knows the knobs and, for each, which way.
#
# The five never do each other's work. So you can change one and keep the others: that is the whole idea.

# %% [markdown]
# ## The mathematics
#
# ### A model with several features
#
# A sample now has $d$ input numbers, its *features*: $\mathbf x_i \in \mathbb R^d$, with a target $y_i \in \mathbb
# R$. The linear model has one weight per feature, $\mathbf w \in \mathbb R^d$, and one bias $b$:
#
# $$\hat y_i = \mathbf w^\top \mathbf x_i + b .$$
#
# $\hat y_i$ is the prediction. For $d=1$ this is the line of the earlier notebooks. All parameters together are
# written $\theta = (\mathbf w, b)$; a larger model has a longer $\theta$ and nothing else changes.
#
# ### One update
#
# Batch $\mathcal B_k$ holds $n_k$ samples; the last one of an epoch may hold fewer than the others. Its loss is the
# mean over its own samples, and `torch.optim.SGD` with learning rate $\eta$ (`lr`) follows its gradient:
#
# $$L_k(\theta) = \frac1{n_k} \sum_{i \in \mathcal B_k} (\hat y_i - y_i)^2, \qquad \theta \leftarrow \theta - \eta\, \nabla L_k(\theta) .$$
#
# ### One update for a group of batches
#
# Let a group be some consecutive batches $k \in G$ of an epoch, with $N_G = \sum_{k \in G} n_k$ samples in all.
# *Gradient accumulation* makes one update with the mean gradient over **all samples of the group**:
#
# $$\theta \leftarrow \theta - \eta \sum_{k \in G} \frac{n_k}{N_G}\, \nabla L_k(\theta) .$$
#
# All gradients of a group are taken at the same $\theta$. If its batches are of equal size the weights are $1/|G|$,
# where $|G|$ is the number of batches; with a smaller batch among them, they are not.

# %% [markdown]
# ## From formula to code
#
# ### Four lines
#
# Every training step with an optimizer consists of four acts: clear the old gradients (`optimizer.zero_grad()`),
# compute the loss from the model's prediction, walk back (`loss.backward()`), move (`optimizer.step()`). `backward`
# *adds* to each parameter's `.grad`, `step` reads it, and nobody clears it for you. Adding is not a flaw: it is
# what makes accumulation possible.
#
# ### Shapes, again
#
# A model for one target per sample answers with shape `(n_k, 1)`. Targets come as `(n_k, 1)`, or, just as often, as
# `(n_k,)`. `nn.MSELoss` then broadcasts one against the other, warns, and gives a number that has nothing to do
# with your data. The usual cure, `.squeeze()`, is a trap of its own: it removes *every* dimension of size one, so a
# last batch of a single sample becomes shape `()`. Give the prediction **the shape of the target**; that says what
# you mean in all cases.
#
# ### Which loss is recorded
#
# > **A common misunderstanding: "the loss" is one thing.** In this course it has meant four, and a curve says
# > nothing until you know which.
# >
# > 1. Batch descent (notebook 3): the loss on *all* data before update $e$, at the parameters of that moment.
# > 2. SGD (notebook 4): the loss on *all* data at the start of epoch $e$, $n$ updates apart.
# > 3. Mini-batches (notebook 5): the weighted mean of the batch losses of epoch $e$, each at other parameters.
# > 4. Here: the loss of each *single batch* before its update (or that of its group), one entry per batch.
# >
# > The third is what most progress bars show, the fourth is what most loops print, and only the first two are
# > values of the function $L$ that is being minimised.
#
# ### What every function keeps to
#
# - Features and targets are tensors of the same dtype and on the same device as the model's parameters. Your code
#   works for any float dtype and any device: it is judged in float64 on the CPU first, then in float32 on the
#   device the grader has.
# - Arguments are left as they were; only the `model` changes, since training is what it is for.
# - The mean squared error is the mean over all elements, without the factor ½: this is what `nn.MSELoss()`
#   computes.
# - The last batch may be smaller, it *is* used, and its loss and gradient are means over its own size.
# - Lists of losses hold plain Python floats, in the order of time.
# - Functions of earlier notebooks are not here: define what you use.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# **The waiter.** A pantry needs two methods, `__len__` and `__getitem__`. This one computes its answers when asked
# and holds no data at all. A DataLoader with `shuffle=True` then carries its ten items on trays of four. The
# picture shows which item came at which place in three passes, one colour per tray: every pass is a new order, and
# the last tray holds two.

# %% active="ipynb"
# class Squares(Dataset[tuple[Tensor, Tensor]]):
#     """Ten numbers and their squares, made when asked for."""
#
#     def __len__(self):
#         return 10
#
#     def __getitem__(self, index):
#         number = torch.tensor([float(index)])
#         return number, number**2
#
#
# waiter = DataLoader(Squares(), batch_size=4, shuffle=True, generator=torch.Generator().manual_seed(3))
# figure, panels = plt.subplots(1, 3, figsize=(10, 2.8), sharey=True, layout="constrained")
# for visit, axes in enumerate(panels):
#     place = 0
#     for tray, (numbers, squares) in enumerate(waiter):
#         places = range(place, place + len(numbers))
#         axes.plot(places, numbers[:, 0], "o", markersize=8, label=f"batch {tray}: {len(numbers)} items")
#         place += len(numbers)
#     axes.set(title=f"pass {visit}", xlabel="place in the pass", xticks=range(10), yticks=range(10))
#     axes.grid(alpha=0.3)
# panels[0].set_ylabel("item")
# figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize="small")
# plt.show()
# print("the last tray:", numbers.tolist(), squares.tolist(), "of shape", tuple(squares.shape))

# %% [markdown]
# **The chef.** An optimizer needs no model and no data, only tensors with gradients. Here it walks down a bowl of
# two numbers, $f(p) = p_0^2 + 8\,p_1^2$. The second curve leaves out one of the four lines, `zero_grad()`; look at
# what old gradients do.

# %% active="ipynb"
# figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
# for name, clears in (("with zero_grad()", True), ("without zero_grad()", False)):
#     p = torch.tensor([4.0, 2.0], requires_grad=True)
#     chef = torch.optim.SGD([p], lr=0.03)
#     places = [p.tolist()]
#     for _ in range(30):
#         if clears:
#             chef.zero_grad()
#         bowl = p[0] ** 2 + 8 * p[1] ** 2
#         bowl.backward()
#         chef.step()
#         places.append(p.tolist())
#     axes.plot(*zip(*places, strict=True), ".-", label=name)
# axes.plot(0, 0, "k*", markersize=12, label="minimum")
# axes.set(xlabel="p[0]", ylabel="p[1]", title="thirty steps of torch.optim.SGD, lr = 0.03")
# axes.grid(alpha=0.3)
# figure.legend(loc="outside right upper")
# plt.show()

# %% [markdown]
# ## Exercise 1 · LineDataset
#
# A pantry for the samples you are given. The tutorial's own class takes noisy targets, then computes new ones from
# the line and serves those: its noise is silently lost. Yours serves **the given** `x` and `y`.


# %% nbgrader={"grade": false, "grade_id": "LineDataset", "locked": false, "schema_version": 3, "solution": true, "task": false}
class LineDataset(Dataset[tuple[Tensor, Tensor]]):
    """The given inputs and targets, sample by sample.

    Formula
        dataset[i] = (x[i], y[i])        the given values, noise included; len(dataset) = n

    Inheriting from another Dataset of PyTorch is fine too.
    """

    def __init__(self, x: Tensor, y: Tensor) -> None:
        """Keep the samples.

        Parameters
        ----------
        x : Tensor of shape (n, 1), or (n, d) for d features: the inputs; left as it was
        y : Tensor of shape (n, 1), or (n,): the targets, same dtype and device as x; left as it was
        """
        ### BEGIN SOLUTION
        self.x = x
        self.y = y
        ### END SOLUTION

    def __len__(self) -> int:
        """Return the number of samples n, an int."""
        ### BEGIN SOLUTION
        return len(self.x)
        ### END SOLUTION

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return sample `index` (0 to n - 1): the pair of Tensors (x[index], y[index])."""
        ### BEGIN SOLUTION
        return self.x[index], self.y[index]
        ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_LineDataset", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(LineDataset)

# %% [markdown]
# ## Exercise 2 · make_loader
#
# `shuffle=True` draws an order of its own. Here the order is given, and every pass keeps it. Read in the
# documentation of `DataLoader` who decides which sample comes next, and what may be passed for it.


# %% nbgrader={"grade": false, "grade_id": "make_loader", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader:
    """Return a loader that visits the dataset in the given order, on every pass.

    Formula
        batch k = the samples order[k * B], ..., order[(k + 1) * B - 1]   B = batch_size, k = 0, 1, ...

    Parameters
    ----------
    dataset : Dataset of pairs (x, y) of Tensors; left as it was
    batch_size : int, the size B of a batch, at least 1; the last batch may be smaller and is served too
    order : Sequence of ints, the sample numbers in the order of the visit; left as it was

    Returns
    -------
    DataLoader that yields pairs (x of the batch, y of the batch), stacked along a new first dimension;
        each pass over it is the same
    """
    ### BEGIN SOLUTION
    return DataLoader(dataset, batch_size=batch_size, sampler=list(order))
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_make_loader", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(make_loader)

# %% [markdown]
# ## Exercise 3 · train_with_optimizer
#
# The four lines inside two loops, for any model and any loader. Look twice at the shape of what the model answers
# and at the moment a loss is recorded.


# %% nbgrader={"grade": false, "grade_id": "train_with_optimizer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]:
    """Train a model with torch.optim.SGD and nn.MSELoss: one update per batch.

    Formula
        L_k = (1/n_k) * sum over batch k of (model(x_i) - y_i)^2   n_k samples, no factor 1/2
        theta <- theta - lr * dL_k/dtheta                          plain SGD, nothing else switched on

    Parameters
    ----------
    model : nn.Module that maps features (n_k, d) to predictions (n_k, 1); it is trained in place
    loader : DataLoader that yields pairs (features, targets); targets have shape (n_k, 1) or (n_k,), in
        the dtype and on the device of the model; the last batch may be smaller and is used
    lr : float, the learning rate
    epochs : int, the number of passes over the loader; 0 is allowed

    Returns
    -------
    list of plain Python floats: the loss of every batch before its update, in the order of time, in units
        of y squared; epochs times the number of batches
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss_function = nn.MSELoss()
    losses: list[float] = []
    for _ in range(epochs):
        for features, targets in loader:
            # (n_k, 1) against (n_k,) would broadcast to (n_k, n_k).
            predictions = model(features).reshape(targets.shape)
            loss = loss_function(predictions, targets)
            losses.append(loss.item())

            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return losses
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_train_with_optimizer", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# check(train_with_optimizer)

# %% [markdown]
# ### Try it: five features
#
# With the first three exercises solved, the next cell trains `nn.Linear(5, 1)` on a thousand noisy samples with
# batches of 32, and compares the weights it finds with those that made the data.

# %% active="ipynb"
# chance = torch.Generator().manual_seed(5)
# features = torch.randn(1000, 5, generator=chance)
# true_weights = torch.tensor([2.0, -1.0, 0.5, 3.0, -2.5])
# targets = features @ true_weights + 0.7 + 0.3 * torch.randn(1000, generator=chance)  # (1000,)
#
# try:
#     loader = make_loader(LineDataset(features, targets), 32, range(1000))
#     model = nn.Linear(5, 1)
#     losses = train_with_optimizer(model, loader, lr=0.02, epochs=3)
# except NotImplementedError:
#     print("Solve exercises 1 to 3, then run this cell again.")
# else:
#     print("true weights ", true_weights.tolist(), "bias 0.7")
#     print("found weights", [round(v, 2) for v in model.weight[0].tolist()], f"bias {model.bias.item():.2f}")
#     figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
#     axes.semilogy(losses, linewidth=0.9, label="loss of each batch")
#     axes.axhline(0.09, color="black", linestyle="--", label="variance of the noise, 0.3²")
#     for epoch in (1, 2):
#         axes.axvline(32 * epoch, color="grey", linewidth=0.6)
#     axes.set(xlabel="update", ylabel="loss", title="three epochs of 32 batches")
#     axes.legend()
#     plt.show()

# %% [markdown]
# ## Exercise 4 · train_with_accumulation
#
# Several batches, one update. The sizes of the batches in a group may differ, and at the end of an epoch a group
# may be left over that is shorter than the others: it makes an update too. Groups never reach into the next epoch.


# %% nbgrader={"grade": false, "grade_id": "train_with_accumulation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_with_accumulation(
    model: nn.Module, loader: DataLoader, lr: float, epochs: int, accumulation_steps: int
) -> list[float]:
    """Train a model with torch.optim.SGD and nn.MSELoss: one update per group of batches.

    Formula
        L_k = (1/n_k) * sum over batch k of (model(x_i) - y_i)^2              n_k samples, no factor 1/2
        theta <- theta - lr * (sum over the group of n_k * dL_k/dtheta) / N   N samples in the whole group

    Parameters
    ----------
    model : nn.Module that maps features (n_k, d) to predictions (n_k, 1); it is trained in place
    loader : DataLoader that yields pairs (features, targets); targets have shape (n_k, 1) or (n_k,), in
        the dtype and on the device of the model; the last batch may be smaller and is used
    lr : float, the learning rate
    epochs : int, the number of passes over the loader; 0 is allowed
    accumulation_steps : int, the number of consecutive batches of a group, at least 1; what is left at
        the end of an epoch is a group too

    Returns
    -------
    list of plain Python floats: every batch's own mean loss, before the update of its group, in the order
        of time, in units of y squared; epochs times the number of batches
    """
    ### BEGIN SOLUTION
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss_function = nn.MSELoss()
    losses: list[float] = []
    for _ in range(epochs):
        batches = list(loader)
        for start in range(0, len(batches), accumulation_steps):
            group = batches[start : start + accumulation_steps]
            samples = sum(len(targets) for _, targets in group)

            optimizer.zero_grad()
            for features, targets in group:
                predictions = model(features).reshape(targets.shape)
                loss = loss_function(predictions, targets)
                losses.append(loss.item())
                # The share of this batch in the mean over the group; backward adds up.
                (loss * (len(targets) / samples)).backward()
            optimizer.step()
    return losses
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_train_with_accumulation", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# check(train_with_accumulation)

# %% [markdown]
# ## Summary and key takeaways
#
# - A Dataset answers two questions: how many, and which one. A DataLoader turns an order into batches. Neither
#   knows the model.
# - A Dataset serves the data it was given. A class that quietly makes its own is a bug nobody sees on a plot.
# - Four lines make a step: clear, compute, walk back, move. `backward` adds; clearing is your job.
# - Give the prediction the shape of the target. A broadcast in the loss raises no error.
# - Accumulation weighs every batch with its share of the group's **samples**; the group left over at the end of an
#   epoch counts as well.
# - "The loss" has had four meanings by now. Say which one you plot.
