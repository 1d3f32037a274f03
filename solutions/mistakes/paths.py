"""Work that mistakes share: the batches of an epoch, their gradients, and whole paths, each computed once.

Most mistakes differ from another one in a single stage, and most follow the gradient of the mean of the squares: that of
a batch is an affine function of (w, b), six numbers, and an update is a few products of floats.
"""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from solutions.mistakes.machine import Log, Machine, Number, Pair, Setup

    Affine: TypeAlias = tuple[float, float, float, float, float, float]

# What a path depends on; of the rest a run makes its record.
COURSE = attrgetter(
    "split", "predict", "pull", "slope", "tweaks", "plan", "filters", "clear", "clear_epoch", "sequential", "stale",
    "restart", "whole",
)  # fmt: skip
NOTHING = (float("nan"),) * 6  # the mean over no samples
ROOM = 4_000_000  # numbers that are remembered, 32 MB


class Memory:
    """What was computed before, by everything it depends on; forgotten as a whole where it grows beyond ROOM."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}
        self._held = 0

    def recall(self, place: Any, make: Callable[[], Any], size: int) -> Any:
        """Return what stands at a place, or make it; ``size``: about how many numbers it holds."""
        found = self._known.get(place)
        if found is None:
            if self._held > ROOM:
                self._known.clear()
                self._held = 0
            self._held += size + 500
            found = self._known[place] = make()
        return found


class Feed:
    """The batches of every epoch of a run, and the gradients on them as functions of (w, b)."""

    def __init__(self, setup: Setup, epochs: list[list[Pair]]) -> None:
        self.epochs = epochs
        self._setup = setup

    @cached_property
    def gradients(self) -> list[list[Affine]]:
        """The gradient of each batch of each epoch."""
        return [[affine(x, y) for x, y in batches] for batches in self.epochs]

    @cached_property
    def whole(self) -> list[list[Affine]]:
        """The gradient on all data in the place of each batch."""
        return [[affine(self._setup.x, self._setup.y)] * len(batches) for batches in self.epochs]


def affine(x: Number, y: Number) -> Affine:
    """Return (a, b, c, d, e, f): the gradient of the mean of (w·x + b - y)² is (a·w + b·b + c, d·w + e·b + f)."""
    if isinstance(x, float):
        return 2.0 * x * x, 2.0 * x, -2.0 * x * y, 2.0 * x, 2.0, -2.0 * y
    m = len(y)
    if m == 0:
        return NOTHING
    xx, xy, sx, sy = float(x @ x), float(x @ y), float(np.add.reduce(x)), float(np.add.reduce(y))
    share = 2.0 / m
    return share * xx, share * sx, -share * xy, share * sx, 2.0, -share * sy


memory = Memory()


def data(setup: Setup) -> tuple[Any, ...]:
    """Return all that the batches depend on beside the way they are cut."""
    sent = tuple(one.tobytes() for one in (setup.x, setup.y, *setup.orders, *(setup.partners or ())))
    return (sent, setup.x.shape, len(setup.orders), setup.partners is None, setup.size)


def feed(machine: Machine, setup: Setup, known: tuple[Any, ...], gather: Callable[[int], list[Pair]]) -> Feed:
    """Return the batches of a run; ``known``: its :func:`data`, ``gather``: the batches of one epoch."""
    count = len(setup.orders)
    size = count * (setup.x.size + setup.y.size)
    made: Feed = memory.recall(
        (machine.split, known), lambda: Feed(setup, [gather(epoch) for epoch in range(count)]), size
    )
    return made


def travelled(machine: Machine, setup: Setup, known: tuple[Any, ...], descend: Callable[[], Log]) -> Log:
    """Return the path of a run; two machines that differ in their records only take it once."""
    start = (setup.w, setup.b) if isinstance(setup.w, float) else (np.asarray(setup.w).tobytes(), setup.b)
    size = 8 * sum(len(order) for order in setup.orders)
    made: Log = memory.recall((COURSE(machine), known, start, setup.lr), descend, size)
    return made
