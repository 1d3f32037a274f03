"""What known mistakes make of one visiting order: how it is cut into batches, and which samples are visited at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Indices = np.ndarray[Any, np.dtype[Any]]
    Cut = Callable[[Indices, int], list[Indices]]


def cut_rightly(order: Indices, size: int) -> list[Indices]:
    """Return batch k = order[k * size : (k + 1) * size]; the last may be smaller."""
    return [order[start : start + size] for start in range(0, len(order), size)]


def _count(order: Indices, size: int) -> int:
    return -(-len(order) // size)


def _whole(order: Indices, size: int) -> list[Indices]:
    return [batch for batch in cut_rightly(order, size) if len(batch) == size]


def _partial_first(order: Indices, size: int) -> list[Indices]:
    rest = len(order) % size
    return [order[:rest]] * bool(rest) + cut_rightly(order[rest:], size)


CUTS: tuple[tuple[str, Cut], ...] = (
    ("last-partial-batch-dropped", _whole),
    ("last-full-batch-dropped", lambda o, size: [o[k : k + size] for k in range(0, len(o) - size, size)]),
    ("last-batch-overlaps", lambda o, size: [*cut_rightly(o, size)[:-1], o[-size:]]),
    ("sliding-window", lambda o, size: [o[k : k + size] for k in range(len(o))]),
    ("sliding-window", lambda o, size: [o[k : k + size] for k in range(len(o) - size + 1)]),
    ("equal-chunks", lambda o, size: cut_rightly(o, -(-len(o) // _count(o, size)))),  # torch.chunk
    ("equal-chunks", lambda o, size: list(np.array_split(o, _count(o, size)))),
    ("equal-chunks", lambda o, size: cut_rightly(o, -(-len(o) // max(1, len(o) // size)))),
    ("equal-chunks", lambda o, size: list(np.array_split(o, max(1, len(o) // size)))),
    ("equal-chunks", lambda o, size: cut_rightly(o, -(-len(o) // size))),  # as many batches as samples are asked for
    ("equal-chunks", lambda o, size: list(np.array_split(o, min(size, len(o))))),
    ("partial-batch-first", _partial_first),
    ("first-batch-only", lambda o, size: cut_rightly(o, size)[:1]),
    ("full-data-in-batch-loop", lambda o, size: [o] * _count(o, size)),
)
REVERSED = "batches-reversed"
VISITS: tuple[tuple[str, Callable[[Indices], Indices]], ...] = (
    ("order-ignored", lambda order: np.arange(len(order))),
    ("inverse-order", np.argsort),
    ("orders-composed", lambda order: order[order]),
)


def known_cuts() -> Iterator[tuple[str, Cut]]:
    """Yield every wrong way to cut an order into batches, those with one mistake."""
    yield from CUTS
    yield REVERSED, lambda order, size: cut_rightly(order, size)[::-1]


def known_batches(order: Indices, size: int) -> Iterator[tuple[str, list[Indices]]]:
    """Yield (id, batches) for the known mistakes and then, as "a+b", for two of them made together."""
    for name, cut in known_cuts():
        yield name, cut(order, size)
    for visit, change in VISITS:
        yield visit, cut_rightly(change(order), size)
    for visit, change in VISITS:
        for name, cut in known_cuts():
            yield f"{visit}+{name}", cut(change(order), size)
    for name, cut in CUTS:
        yield f"{name}+{REVERSED}", cut(order, size)[::-1]
