"""Data for cases: exact in binary floating point where public, drawn where hidden.

The public set is the course's separating set: it is off centre (mean(x) is not 0), not scaled to 1, its start has
``w0 != b0``, and its orders are neither involutions nor equal in two epochs, so no known mistake hides in it.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Order = NDArray[np.int64]

W0 = 0.25
B0 = -0.875
LR = 0.125


def column(values: Array) -> Array:
    """Return ``values`` as a column ``(n, 1)``."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)


def scalar(value: float) -> Array:
    """Return a number as a 0-dim array, which becomes a 0-dim Tensor."""
    return np.array(value, dtype=np.float64)


def public_line(n: int) -> tuple[Array, Array]:
    """Return the separating set: ``x = ((7i mod 23) - 5)/8``, ``y = 1.75x - 0.625 + ((5i mod 7) - 3)/16``."""
    i = np.arange(n)
    x = ((7 * i % 23) - 5) / 8
    y = 1.75 * x - 0.625 + ((5 * i % 7) - 3) / 16
    return column(x), column(y)


def public_orders(n: int, epochs: int) -> list[Order]:
    """Return ``orders[e][i] = (a_e i + 5e + 2) mod n``, ``a_e`` the first integer >= 3 + 2e coprime to n."""
    orders = []
    for epoch in range(epochs):
        factor = 3 + 2 * epoch
        while gcd(factor, n) != 1:
            factor += 1
        orders.append(((factor * np.arange(n) + 5 * epoch + 2) % n).astype(np.int64))
    return orders


def tutorial_line() -> tuple[Array, Array]:
    """Return the tutorial's data: ``x = -5, -4.9, ..., 4.9``, ``y = -5x + e`` with the printed noise."""
    i = np.arange(100)
    x = -5 + i / 10
    noise = -0.0599082808 + 0.0092535211 * x + 0.3771828231 * (-1.0) ** i
    return column(x), column(-5 * x + noise)


def drawn_line(rng: random.Random, n: int) -> tuple[Array, Array]:
    """Draw ``x`` off centre in steps of 1/16 and ``y`` along a line with noise."""
    middle = rng.choice((-1, 1)) * rng.uniform(0.3, 0.9)
    x = np.array([round(16 * (middle + rng.uniform(-1.6, 1.6))) / 16 for _ in range(n)])
    slope = rng.choice((-1, 1)) * rng.uniform(0.8, 2.4)
    intercept = rng.choice((-1, 1)) * rng.uniform(0.4, 1.5)
    noise = np.array([rng.uniform(-0.3, 0.3) for _ in range(n)])
    return column(x), column(slope * x + intercept + noise)


def drawn_start(rng: random.Random) -> tuple[float, float]:
    """Draw ``w0, b0`` well apart from each other and from zero."""
    w0 = rng.choice((-1, 1)) * rng.uniform(0.3, 1.5)
    return w0, -w0 * rng.uniform(0.3, 0.7) + rng.choice((-1, 1)) * rng.uniform(0.5, 1.0)


def drawn_orders(rng: random.Random, n: int, epochs: int) -> list[Order]:
    """Draw one permutation per epoch; for n > 2 none is its own inverse and no two neighbours are equal."""
    orders: list[Order] = []
    while len(orders) < epochs:
        order = np.array(rng.sample(range(n), n), dtype=np.int64)
        repeated = bool(orders) and np.array_equal(order, orders[-1])
        if n > 2 and (repeated or np.array_equal(order[order], np.arange(n))):
            continue
        orders.append(order)
    return orders


def curvature(x: Array) -> float:
    """Return the greatest eigenvalue of the Hessian of the MSE, ``2/n [[sum x^2, sum x], [sum x, n]]``."""
    flat = x.ravel()
    hessian = 2 * np.array([[np.mean(flat**2), np.mean(flat)], [np.mean(flat), 1.0]])
    return float(np.linalg.eigvalsh(hessian)[-1])
