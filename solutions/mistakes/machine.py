"""The descent machine: a training loop taken apart into stages, each of which can be replaced.

The machine without a change is right. A known mistake is the machine with one stage changed; a pair of
mistakes is two changes made one after the other. It computes with NumPy and plain floats, because a catalogue
is run thousands of times where a student's program is run once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from solutions.mistakes.paths import data, feed, travelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solutions.mistakes.paths import Feed

Number: TypeAlias = Any  # a float for one sample, an array for a batch: a stage reads the same for both
Array: TypeAlias = NDArray[np.float64]
Order: TypeAlias = NDArray[np.int64]
Pair: TypeAlias = tuple[Number, Number]
Reading: TypeAlias = tuple[Number, int]  # a loss and the number of samples it is the mean of
Record = TypeVar("Record")


def replace(record: Record, **changed: Any) -> Record:
    """Return a dataclass with some fields changed: ``dataclasses.replace``, ten times as fast.

    Raises
    ------
    TypeError
        There is no field of that name.
    """
    fields = vars(record)
    if not fields.keys() >= changed.keys():
        raise TypeError(f"{type(record).__name__} has no field {', '.join(changed.keys() - fields.keys())}")
    made = object.__new__(type(record))
    vars(made).update({**fields, **changed})
    return made


# --- arithmetic that reads the same for one sample and for a batch ------------------------------------------


def dot(a: Number, b: Number) -> Number:
    """Return sum(a · b)."""
    return a * b if isinstance(a, float) else a @ b


def total(a: Number) -> Number:
    """Return sum(a)."""
    return a if isinstance(a, float) else np.add.reduce(a)


def size(a: Number) -> int:
    """Return the number of samples."""
    return 1 if isinstance(a, float) else len(a)


def ratio(a: Number, b: float) -> Number:
    """Return a / b as torch does: inf or nan instead of an error."""
    return a / b if b else np.divide(a, b)


# --- what goes in and what comes out ------------------------------------------------------------------------


@dataclass(frozen=True)
class Setup:
    """The arguments of one run. ``partners``: the orders of ``y`` where they are not those of ``x``."""

    x: Array  # (n,), or (n, d) for several features
    y: Array  # (n,)
    w: Number
    b: Number
    lr: float = 0.0
    orders: tuple[Order, ...] = ()
    size: int = 1
    partners: tuple[Order, ...] | None = None


@dataclass
class Epoch:
    """What happened in one epoch.

    ``seen[k]``: (x, y, w, b) at which batch ``k`` was seen; ``at[k]``: the entry of the path at that moment.
    ``values``: the losses that machines have read from it.
    """

    batches: list[Pair]
    seen: list[tuple[Number, Number, Number, Number]]
    sizes: list[int]
    at: list[int]
    start: int
    end: int
    values: dict[Any, list[Number]] = field(default_factory=dict)


@dataclass
class Log:
    """The record of one run: the path, the epochs, and the losses made from them."""

    setup: Setup
    machine: Machine
    w: list[Number]
    b: list[Number]
    epochs: list[Epoch] = field(default_factory=list)
    loss: list[Number] = field(default_factory=list)

    def measure(self, x: Number, y: Number, w: Number, b: Number) -> Number:
        """Return the loss of (x, y) at (w, b), as the machine records it."""
        return self.machine.measure(x, y, w, b)

    def values(self, epoch: Epoch) -> list[Number]:
        """Return the loss of every batch of an epoch as it was seen."""
        machine, setup = self.machine, self.setup
        kind = (machine.predict, machine.value, machine.readings)
        if kind not in epoch.values:
            found = [machine.measure(*seen) for seen in epoch.seen]
            for reading in machine.readings:
                found = [reading(loss, m, setup) for loss, m in zip(found, epoch.sizes, strict=True)]
            epoch.values[kind] = found
        return epoch.values[kind]

    def at(self, entry: int) -> Number:
        """Return the loss on all data at one entry of the path."""
        return self.measure(self.setup.x, self.setup.y, self.w[entry], self.b[entry])


# --- the stages as they should be ---------------------------------------------------------------------------


def predict(x: Number, w: Number, b: Number) -> Number:
    """Return w·x + b."""
    return x * w + b


def linear(x: Number, w: Number, b: Number) -> Number:
    """Return w·x + b, for one feature or several."""
    return x * w + b if isinstance(w, float) else x @ w + b


def pull(slope: Number, x: Number) -> Pair:
    """Return (dL/dw, dL/db) from dL/d(prediction): the chain rule through the forward pass."""
    return dot(slope, x), total(slope)


def value(p: Number, y: Number) -> Number:
    """Return the mean of the squared errors."""
    error = p - y
    return dot(error, error) / size(p)


def slope(p: Number, y: Number) -> Number:
    """Return d value / d p."""
    return (p - y) * (2.0 / size(p))


def split(order: Order, batch: int) -> list[Order]:
    """Return the batches of one epoch; the last may be smaller."""
    return [order[k : k + batch] for k in range(0, len(order), batch)]


def cleared(_gw: Number, _gb: Number) -> Pair:
    """Return the gradients after they were set to zero."""
    return 0.0, 0.0


def kept(gw: Number, gb: Number) -> Pair:
    """Return the gradients as they are."""
    return gw, gb


def before_updates(log: Log, epoch: Epoch) -> list[Reading]:
    """Read each batch's loss before its update."""
    return list(zip(log.values(epoch), epoch.sizes, strict=True))


def at_start(log: Log, epoch: Epoch) -> list[Reading]:
    """Read the loss on all data before the epoch's first update."""
    return [(log.at(epoch.start), len(log.setup.y))]


def by_count(readings: list[Reading], _n: int) -> Number:
    """Return the mean weighted by the number of samples, over the samples that were counted."""
    return ratio(sum(m * v for v, m in readings), sum(m for _, m in readings))


def by_length(readings: list[Reading], n: int) -> Number:
    """Return the mean weighted by the number of samples, over n: the same where each is seen once."""
    return sum(m * v for v, m in readings) / n


SQUARES = {(predict, pull, slope), (linear, pull, slope)}  # these follow the gradient of the mean of the squares


@dataclass(frozen=True)
class Machine:
    """A training loop, stage by stage.

    ``prepare``: changes to the arguments. ``split``: the batches of an epoch. ``predict`` / ``pull``: the forward
    pass and its derivative. ``value`` / ``slope``: the loss that is recorded and the derivative of the loss that
    is followed. ``tweaks`` / ``readings``: changes to the gradient and to the recorded loss of one batch, given
    its size. ``plan``: for each batch of an epoch its weight and whether an update follows (for groups of batches
    made from ``weigh``, given place, sizes of the group, number of batches in a group and batch size, and
    ``leftover``, whether the last, smaller group makes an update). ``filters``: changes to the gradient that the update
    uses, with a state of their own. ``clear`` / ``clear_epoch``: what remains of the gradients after an update and
    at the start of an epoch. ``sequential``: the bias step sees the new weight. ``stale``: predictions come from
    the parameters at the start ("once") or at the start of the epoch ("epoch"). ``restart``: each epoch begins at
    (w0, b0). ``whole``: every batch is all the data. ``read`` / ``combine``: the losses an epoch records, and how
    they become one. ``finish``: changes to the record. ``carry``: what is left from an earlier call: "lists",
    "losses", "parameters" or "answer".

    ``broadcast``: the targets' shape ("flat" or "column") with which the difference becomes a matrix.

    ``closed`` tells two equally right machines apart: by autograd the gradient follows whatever the forward pass
    and the loss are, in closed form it stays what it is.
    """

    prepare: tuple[Callable[[Setup], Setup], ...] = ()
    split: Callable[[Order, int], Sequence[Order]] = split
    predict: Callable[[Number, Number, Number], Number] = predict
    pull: Callable[[Number, Number], Pair] = pull
    value: Callable[[Number, Number], Number] = value
    slope: Callable[[Number, Number], Number] = slope
    tweaks: tuple[Callable[[Number, Number, int, Setup], Pair], ...] = ()
    readings: tuple[Callable[[Number, int, Setup], Number], ...] = ()
    plan: Callable[[list[int]], list[tuple[float, bool]]] | None = None
    weigh: Callable[[int, list[int], int, int], float] | None = None
    leftover: bool = True
    filters: tuple[Callable[[Setup], Callable[[Number, Number, Number, Number], Pair]], ...] = ()
    clear: Callable[[Number, Number], Pair] = cleared
    clear_epoch: Callable[[Number, Number], Pair] = kept
    sequential: bool = False
    stale: str = ""
    restart: bool = False
    whole: bool = False
    read: Callable[[Log, Epoch], list[Reading]] = before_updates
    combine: Callable[[list[Reading], int], Number] = by_count
    broadcast: str = ""
    finish: tuple[Callable[[Log], Log], ...] = ()
    carry: str = ""
    closed: bool = False

    def gradient(self, x: Number, y: Number, w: Number, b: Number, setup: Setup) -> Pair:
        """Return the gradient of one batch at (w, b)."""
        dw, db = self.pull(self.slope(self.predict(x, w, b), y), x)
        for tweak in self.tweaks:
            dw, db = tweak(dw, db, size(y), setup)
        return dw, db

    def measure(self, x: Number, y: Number, w: Number, b: Number) -> Number:
        """Return the loss of (x, y) at (w, b), as it is recorded."""
        return self.value(self.predict(x, w, b), y)


# --- the loop -----------------------------------------------------------------------------------------------


def gather(machine: Machine, setup: Setup, epoch: int) -> list[Pair]:
    """Return the epoch's batches as (x, y); a batch of one sample is a pair of floats."""
    order = setup.orders[epoch]
    chosen = machine.split(order, setup.size)
    partners = chosen if setup.partners is None else machine.split(setup.partners[epoch], setup.size)
    x, y = setup.x, setup.y
    if x.ndim == 1 and all(len(rows) == 1 for rows in chosen):
        xs, ys = x.tolist(), y.tolist()
        return [(xs[i[0]], ys[j[0]]) for i, j in zip(chosen, partners, strict=True)]
    return [(x[i], y[j]) for i, j in zip(chosen, partners, strict=True)]


def descend(machine: Machine, setup: Setup, feed: Feed) -> Log:
    """Run the loop and return its record, without the losses."""
    w, b, lr = setup.w, setup.b, setup.lr
    filters = [make(setup) for make in machine.filters]
    log = Log(setup, machine, [w], [b])
    gw: Number = 0.0
    gb: Number = 0.0
    seen_w, seen_b = w, b  # the parameters a stale graph was recorded at
    gradients = None
    if isinstance(w, float) and (machine.predict, machine.pull, machine.slope) in SQUARES:
        gradients = feed.whole if machine.whole else feed.gradients
    for number, batches in enumerate(feed.epochs):
        if machine.restart:
            w, b = setup.w, setup.b
        if machine.stale == "epoch":
            seen_w, seen_b = w, b
        gw, gb = machine.clear_epoch(gw, gb)
        plan = machine.plan([size(y) for _, y in batches]) if machine.plan else None
        epoch = Epoch(batches, [], [], [], len(log.w) - 1, 0)
        for k, (xs, ys) in enumerate(batches):
            if not machine.stale:
                seen_w, seen_b = w, b
            m = size(ys)
            x, y = (setup.x, setup.y) if machine.whole else (xs, ys)
            epoch.seen.append((x, y, seen_w, seen_b))
            epoch.sizes.append(m)
            epoch.at.append(len(log.w) - 1)
            if gradients is None:
                dw, db = machine.pull(machine.slope(machine.predict(x, seen_w, seen_b), y), x)
            else:
                ww, wb, w1, bw, bb, b1 = gradients[number][k]
                dw, db = ww * seen_w + wb * seen_b + w1, bw * seen_w + bb * seen_b + b1
            for tweak in machine.tweaks:
                dw, db = tweak(dw, db, m, setup)
            if machine.sequential:
                db = machine.gradient(x, y, w - lr * dw, b, setup)[1]
            weight, steps = plan[k] if plan else (1.0, True)
            gw, gb = gw + weight * dw, gb + weight * db
            if not steps:
                continue
            sw, sb = gw, gb
            for change in filters:
                sw, sb = change(w, b, sw, sb)
            w, b = w - lr * sw, b - lr * sb
            gw, gb = machine.clear(gw, gb)
            log.w.append(w)
            log.b.append(b)
        epoch.end = len(log.w) - 1
        log.epochs.append(epoch)
    return log


def journey(machine: Machine, setup: Setup) -> Log:
    """Return what :func:`descend` returns, computed once for all machines that take the same path."""
    known = data(setup)

    def take() -> Log:
        return descend(machine, setup, feed(machine, setup, known, lambda epoch: gather(machine, setup, epoch)))

    path = travelled(machine, setup, known, take)
    return Log(setup, machine, list(path.w), list(path.b), list(path.epochs))


def run(machine: Machine, setup: Setup) -> Log:
    """Run the machine on one setup; overflow ends in inf and nan, silently, as in torch."""
    with np.errstate(all="ignore"):
        for prepare in machine.prepare:
            setup = prepare(setup)
        log = journey(machine, setup)
        n = len(setup.y)
        log.loss = [machine.combine(machine.read(log, epoch), n) for epoch in log.epochs]
        for finish in machine.finish:
            log = finish(log)
    return log
