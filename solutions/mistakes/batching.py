"""Slips in the batches and in the visiting order, in the course's order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solutions.mistakes.recording import entry_per_batch
from solutions.mistakes.slips import Slip, both, finished, prepared, resplit, stages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solutions.mistakes.machine import Order, Setup


# --- how an order is cut into batches -----------------------------------------------------------------------


def whole_batches(batches: Sequence[Order], size: int) -> list[Order]:
    """Only the batches of full size."""
    return [batch for batch in batches if len(batch) == size]


def overlapping(order: Order, size: int) -> list[Order]:
    """The last batch is filled up from the one before."""
    n = len(order)
    return [order[max(0, min(k, n - size)) :][:size] for k in range(0, n, size)]


def short_of_the_end(order: Order, size: int) -> list[Order]:
    """The range of starting points ends one batch early."""
    return [order[k : k + size] for k in range(0, len(order) - size, size)]


def sliding(order: Order, size: int) -> list[Order]:
    """A batch begins at every sample."""
    return [order[k : k + size] for k in range(len(order) - size + 1)]


def sliding_out(order: Order, size: int) -> list[Order]:
    """A batch begins at every sample, the last ones smaller."""
    return [order[k : k + size] for k in range(len(order))]


def chunks(order: Order, count: int) -> list[Order]:
    """``torch.chunk``: pieces of ceil(n / count)."""
    step = max(1, -(-len(order) // max(1, count)))
    return [order[k : k + step] for k in range(0, len(order), step)]


def even(order: Order, count: int) -> list[Order]:
    """``numpy.array_split``: pieces whose sizes differ by one at most."""
    return np.array_split(order, max(1, min(count, max(1, len(order)))))


def partial_first(order: Order, size: int) -> list[Order]:
    """The smaller batch comes first."""
    rest = len(order) % size
    return [order[:rest]] * bool(rest) + [order[k : k + size] for k in range(rest, len(order), size)]


def whole_order(order: Order, size: int) -> list[Order]:
    """Every batch is the whole order."""
    return [order for _ in range(0, len(order), size)]


# --- in which order the samples are visited -----------------------------------------------------------------


def orders(change: Callable[[tuple[Order, ...]], Sequence[Order]]) -> Callable[[Setup], Setup]:
    """Visit the samples in other orders."""
    return lambda setup: replace(setup, orders=tuple(change(setup.orders)))


def composed(given: tuple[Order, ...]) -> list[Order]:
    """Each epoch permutes what the epoch before has permuted."""
    found: list[Order] = []
    for order in given:
        found.append(found[-1][order] if found else order)
    return found


def only_x(setup: Setup) -> Setup:
    """The targets stay in their own order."""
    return replace(setup, partners=tuple(np.arange(len(setup.y)) for _ in setup.orders))


# --- when an update is made ---------------------------------------------------------------------------------


def at_the_end(weight: Callable[[int, list[int]], float]) -> Callable[[list[int]], list[tuple[float, bool]]]:
    """One update after the last batch, with weighted gradients."""
    return lambda sizes: [(weight(k, sizes), k == len(sizes) - 1) for k in range(len(sizes))]


LAST_DROPPED = (Slip("last-full-batch-dropped", stages(split=short_of_the_end), pairs=True),)
CUTS = (
    Slip("last-partial-batch-dropped", resplit(whole_batches), pairs=True),
    Slip("last-batch-overlaps", stages(split=overlapping), pairs=True),
    *LAST_DROPPED,
    Slip("sliding-window", stages(split=sliding)),
    Slip("sliding-window", stages(split=sliding_out)),
)
VISITS = (
    Slip("only-x-shuffled", prepared(only_x), pairs=True),
    Slip("same-order-every-epoch", prepared(orders(lambda o: [o[0]] * len(o) if o else o)), pairs=True),
    Slip("same-order-every-epoch", prepared(orders(lambda o: [o[-1]] * len(o) if o else o))),
    Slip("order-ignored", prepared(orders(lambda o: [np.arange(len(one)) for one in o])), pairs=True),
)
WHOLE = (
    Slip("full-data-in-batch-loop", stages(whole=True), pairs=True),
    Slip("full-data-in-batch-loop", stages(split=whole_order)),
)
FIRST_ONLY = (Slip("first-batch-only", resplit(lambda batches, _size: batches[:1]), pairs=True),)
FIRST_AGAIN = (Slip("first-batch-only", resplit(lambda batches, _size: [*batches[:1]] * len(batches))),)
CHUNKS = (
    Slip("equal-chunks", stages(split=lambda o, size: chunks(o, -(-len(o) // size))), pairs=True),
    Slip("equal-chunks", stages(split=lambda o, size: even(o, -(-len(o) // size)))),
    Slip("equal-chunks", stages(split=lambda o, size: chunks(o, len(o) // size))),
    Slip("equal-chunks", stages(split=lambda o, size: even(o, len(o) // size))),
    Slip("equal-chunks", stages(split=chunks)),
    Slip("equal-chunks", stages(split=even)),
)
PERMUTATIONS = (
    Slip("orders-composed", prepared(orders(composed)), pairs=True),
    Slip("inverse-order", prepared(orders(lambda o: [np.argsort(one) for one in o])), pairs=True),
)
ONE_STEP = (
    Slip("one-step-per-epoch", stages(plan=at_the_end(lambda _k, _m: 1.0)), pairs=True),
    Slip("one-step-per-epoch", stages(plan=at_the_end(lambda k, m: float(k == len(m) - 1)))),
    Slip("one-step-per-epoch", stages(plan=at_the_end(lambda _k, m: 1 / len(m)))),
    Slip("one-step-per-epoch", stages(plan=at_the_end(lambda k, m: m[k] / sum(m)))),
    *(
        Slip("one-step-per-epoch", both(stages(plan=at_the_end(weight)), finished(entry_per_batch(dedented=late))))
        for weight in (lambda _k, _m: 1.0, lambda k, m: float(k == len(m) - 1))
        for late in (False, True)
    ),
)
PARTIAL_FIRST = (Slip("partial-batch-first", stages(split=partial_first), pairs=True),)
REVERSED = (
    Slip("batches-reversed", resplit(lambda batches, _size: batches[::-1]), pairs=True),
    Slip("batches-reversed", prepared(orders(lambda o: [one[::-1] for one in o]))),
    Slip("batches-reversed", both(prepared(orders(lambda o: [one[::-1] for one in o])), stages(split=partial_first))),
)
BATCHING = (*CUTS, *VISITS, *WHOLE, *FIRST_ONLY, *CHUNKS, *PERMUTATIONS, *ONE_STEP, *PARTIAL_FIRST, *REVERSED)
