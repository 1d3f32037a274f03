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
"""Assignment 2: which way is down, and one step in that direction."""

from __future__ import annotations

# %% [markdown]
# # 2 · Gradients and updates
#
# You can measure how wrong a line is. Now you find out **which way is down**, and you take **one step**. This
# is the heart of training: every network, however large, learns by repeating this one move.
#
# You compute the same gradient twice, once with pencil and paper and once by PyTorch's *autograd*. Afterwards
# you know what autograd does for you, and you can check it.
#
# | | function | what it does | points |
# |---|---|---|---|
# | 1 | `mse_gradients` | the gradient by formula | 3 |
# | 2 | `autograd_gradients` | the gradient by autograd | 2 |
# | 3 | `update` | one step of gradient descent by hand | 3 |

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import torch
from torch import Tensor

from graders import History, check

# %% [markdown]
# ## In plain words
#
# You stand on a hillside in thick fog and want to get down to the valley. You can't see the valley, but you
# can feel with your feet how the ground slopes right where you stand. So you do the sensible thing: feel the
# slope, step the other way, feel again.
#
# The hillside is the loss. Your position is the pair of numbers $(w, b)$. What your feet feel is the
# *gradient*: two numbers, one for the slope along $w$ and one for the slope along $b$. Each is positive where
# the ground rises in that direction. You go *against* it, and the steeper the ground, the longer your step.
# How long exactly, a number called the *learning rate* decides.
#
# One detail matters: feel **both** slopes first, then move. If you move along $w$ and only then feel the
# slope along $b$, you feel it at another place.

# %% [markdown]
# ## The mathematics
#
# ### The loss again
#
# $$L(w, b) = \frac{1}{n}\sum_{i=1}^{n}\bigl(\underbrace{w\,x_i + b - y_i}_{\text{error } r_i}\bigr)^2$$
#
# - $n$: the number of samples; $x_i$, $y_i$: input and target of sample $i$;
# - $w$, $b$: weight and bias, the two numbers to be learned;
# - $r_i$: the error of sample $i$, positive where the line is too high.
#
# ### The gradient
#
# Ask how $L$ changes when only $w$ changes a little. The chain rule gives each square $r_i^2$ the slope
# $2\,r_i$ times the slope of $r_i$ itself, and $r_i$ grows by $x_i$ when $w$ grows by one, but by $1$ when
# $b$ does:
#
# $$\frac{\partial L}{\partial w} = \frac{2}{n}\sum_{i=1}^{n} r_i\,x_i
# \qquad\qquad
# \frac{\partial L}{\partial b} = \frac{2}{n}\sum_{i=1}^{n} r_i$$
#
# - $\partial L/\partial w$ (say "d L by d w"): the slope of the loss along $w$, in units of $y^2$ per unit of
#   $w$;
# - $\partial L/\partial b$: the slope of the loss along $b$, in units of $y^2$ per unit of $b$;
# - the $2$ comes from the square and stands in **both**, because this course's loss has no factor $\tfrac12$.
#
# ### The update
#
# $$w_{t+1} = w_t - \eta\,\frac{\partial L}{\partial w}(w_t, b_t)
# \qquad\qquad
# b_{t+1} = b_t - \eta\,\frac{\partial L}{\partial b}(w_t, b_t)$$
#
# - $t = 0, 1, 2, \dots$ counts the updates; $w_t$, $b_t$ are the parameters after $t$ of them;
# - $\eta$ (say "eta"): the **learning rate**, `lr` in code, a positive number;
# - both slopes are taken at the *old* point $(w_t, b_t)$.

# %% [markdown]
# ## From formula to code
#
# ### Two ways to the same slope
#
# The formula above is short, so you can write it down as tensors. For a network with a million weights nobody
# does this. There, PyTorch remembers every operation that led to the loss, and applies the chain rule
# backwards. You get the same numbers, up to the last digits. Having both, you can test one against the other:
# a habit worth keeping.
#
# ### Leaves, graphs and notes
#
# A tensor made by you with `requires_grad=True` is called a **leaf**. What is computed from it hangs together
# in a **graph**. After `loss.backward()` each leaf finds its slope in `.grad`. Three facts explain most
# surprises:
#
# - **`.grad` is added to, not replaced.** A second `backward()` adds its slopes to those that are there
#   already.
# - **Only leaves have a `.grad`.** `w = w - 0.1 * w.grad` makes a *new* tensor, a result and no leaf, and the
#   name `w` now means that result.
# - **A step is not part of the loss.** PyTorch refuses to change a leaf in place while it keeps notes, since
#   the notes would become wrong. Inside `with torch.no_grad():` it keeps none, and in-place changes are
#   allowed.
#
# > **A common misunderstanding: "the function updates `w`, because I assign to `w`".** Inside a function, an
# > assignment only gives a local name to another tensor. The caller's tensor never hears of it. To change the
# > caller's tensor, change it *in place*.
#
# > **A common misunderstanding: "`requires_grad` is my business, since I need it".** A tensor handed to you
# > belongs to the caller. Switching on `requires_grad` there, or leaving slopes in its `.grad`, changes what
# > the caller computes next.
#
# ### What every function keeps to
#
# - `x` and `y` are float tensors of shape `(n, 1)`, of the same dtype and on the same device as `w` and `b`,
#   which are 0-dimensional.
# - Your code works for any float dtype and any device: it is judged in float64 on the CPU first, then in
#   float32 on the device the grader has.
# - Arguments are left as they were: values, `requires_grad` and `.grad`. The one exception here is `update`,
#   whose whole purpose is to change `w` and `b`.
# - The mean squared error is the mean over all elements, without the factor ½, so its gradient carries the
#   factor 2.
# - One update uses the gradient at the *old* $(w, b)$ for both parameters.
# - Functions of earlier notebooks are not here: define what you use.
# - The type hints are part of the contract. Keep them.

# %% [markdown]
# ## A worked demonstration
#
# A valley with one parameter $p$ only: $V(p) = \tfrac14 (p - 3)^2 + 1$. Its slope is
# $V'(p) = \tfrac12 (p - 3)$. At each of four places the tangent shows the slope that feet would feel there,
# and the arrow shows one step *against* it, with $\eta = 1$.

# %% active="ipynb"
# def valley(p: float) -> float:
#     return 0.25 * (p - 3) ** 2 + 1
#
#
# def slope(p: float) -> float:
#     return 0.5 * (p - 3)
#
#
# places = [-3.0, 0.5, 5.0, 8.0]
# ground = [-4 + 0.1 * k for k in range(141)]
#
# figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
# axes.plot(ground, [valley(p) for p in ground], color="black", label="the valley V(p)")
# for number, p in enumerate(places):
#     near = [p - 1, p + 1]
#     tangent = [valley(p) + slope(p) * (q - p) for q in near]
#     axes.plot(near, tangent, color="tab:blue", label="tangent" if number == 0 else None)
#     axes.plot(p, valley(p), "o", color="tab:blue")
#     axes.annotate("", (p - slope(p), 0.3), (p, 0.3), arrowprops={"arrowstyle": "->", "color": "tab:red"})
#     side, turn = ("left", 0.5) if slope(p) < 0 else ("right", -0.5)
#     axes.text(p + turn, valley(p) + 0.5, f"slope {slope(p):+.2f}", ha=side)
# axes.plot([], [], color="tab:red", label="one step, −slope")
# axes.set(xlabel="p", ylabel="V(p)", ylim=(0, 17))
# axes.legend(loc="upper center")
# axes.grid(alpha=0.3)
# plt.show()

# %% [markdown]
# On the left the slope is negative and the step goes right; on the right it is the other way round. Near the
# bottom the slope is small, and so is the step. Nobody had to tell the walker where the valley is.
#
# How can you be sure of a slope? Take a tiny step, see how much the height changes, and divide:

# %% active="ipynb"
# tiny = 1e-6
# print("   p   by formula   by a tiny step")
# for p in places:
#     measured = (valley(p + tiny) - valley(p - tiny)) / (2 * tiny)
#     print(f"{p:4.1f}   {slope(p):+10.6f}   {measured:+14.6f}")

# %% [markdown]
# Now ask autograd for the slope of the same valley at $p = 5$, twice in a row. The slope there is $1$, both
# times.

# %% active="ipynb"
# p = torch.tensor(5.0, requires_grad=True)
# for turn in ("first", "second"):
#     height = 0.25 * (p - 3) ** 2 + 1
#     height.backward()
#     print(f"after the {turn} backward, p.grad is", p.grad.item())

# %% [markdown]
# The second number is not the slope: it is the *sum* of two slopes. This is by design, and one of the
# exercises asks you to take care of it.

# %% [markdown]
# ## Exercise 1 · mse_gradients
#
# The two sums of *The gradient*, as tensors. No autograd: one of the cases runs where autograd is switched off.


# %% nbgrader={"grade": false, "grade_id": "mse_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mse_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradient of the mean squared error in closed form, without autograd.

    Formula
        r_i   = w * x_i + b - y_i                   the error of sample i
        dL/dw = (2/n) * sum_i r_i * x_i
        dL/db = (2/n) * sum_i r_i

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets; left as they were
    w, b : Tensors of shape (), weight and bias, with or without requires_grad; left as they were

    Returns
    -------
    tuple of two Tensors of shape (): (dL/dw, dL/db), in units of y squared per unit of w and of b,
        of the dtype and on the device of w. The loss is the mean over all elements, without the
        factor 1/2. The function works under `torch.no_grad()` as well.
    """
    ### BEGIN SOLUTION
    error = w * x + b - y  # (n, 1)
    dw = 2 * (error * x).mean()  # ()
    db = 2 * error.mean()  # ()
    return dw, db
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_mse_gradients", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# check(mse_gradients)

# %% [markdown]
# ## Exercise 2 · autograd_gradients
#
# The same two numbers, found by PyTorch. Any way of asking autograd is fine. The caller must not notice:
# think about which tensors you ask.


# %% nbgrader={"grade": false, "grade_id": "autograd_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def autograd_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradient of the mean squared error, computed by autograd.

    Formula
        L = (1/n) * sum_i (w * x_i + b - y_i)^2     the mean over all elements, without the factor 1/2
        result: (dL/dw, dL/db) at the given (w, b)

    Parameters
    ----------
    x, y : Tensors of shape (n, 1), inputs and targets; left as they were
    w, b : Tensors of shape (), weight and bias, with or without requires_grad, and with or without
        something in .grad. Their values, requires_grad and .grad are left as they were.

    Returns
    -------
    tuple of two Tensors of shape (): (dL/dw, dL/db), in units of y squared per unit of w and of b,
        of the dtype and on the device of w
    """
    ### BEGIN SOLUTION
    # Leaves of our own: the caller's tensors keep their requires_grad and their .grad.
    w = w.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    loss = ((w * x + b - y) ** 2).mean()  # ()
    dw, db = torch.autograd.grad(loss, (w, b))
    return dw, db
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_autograd_gradients", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# check(autograd_gradients)

# %% [markdown]
# ## Exercise 3 · update
#
# One step, by hand. `w` and `b` arrive with their slopes already in `.grad`. Leave them ready for the next
# `backward()`. Read *Leaves, graphs and notes* again before you start.


# %% nbgrader={"grade": false, "grade_id": "update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update(w: Tensor, b: Tensor, lr: float) -> None:
    """Make one step of gradient descent, in place, and clear both gradients.

    Formula
        w <- w - lr * w.grad
        b <- b - lr * b.grad

    Parameters
    ----------
    w, b : Tensors of shape (), leaves that require grad, with .grad filled. Both are changed in place.
    lr : float, the learning rate

    Returns
    -------
    None. Afterwards w and b are the same tensor objects as before, hold the new values, still
        require grad, and their gradients are cleared: .grad is None or zero.
    """
    ### BEGIN SOLUTION
    assert w.grad is not None
    assert b.grad is not None

    # A step is no part of any loss, so autograd keeps no notes of it.
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad

    # The next backward adds to .grad: it must find nothing there.
    w.grad = None
    b.grad = None
    ### END SOLUTION


# %% active="ipynb" nbgrader={"grade": true, "grade_id": "check_update", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# check(update)

# %% [markdown]
# ## Summary and key takeaways
#
# - The gradient holds one slope for each parameter. It points uphill, so a step goes against it.
# - For the mean squared error each slope is an average over the samples: error times input for the weight,
#   error for the bias, both with the factor 2.
# - Formula and autograd give the same numbers. Where both are at hand, test one with the other.
# - `.grad` collects. Whoever uses it clears it.
# - An update changes leaves in place, outside of autograd's notes, and takes both slopes at the old point.
# - Next, this one step is repeated, and everything on the way is written down.
