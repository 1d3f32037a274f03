"""Slips in what is recorded, in the course's order."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from solutions.mistakes.machine import at_start, before_updates, ratio
from solutions.mistakes.slips import Slip, both, finished, prepared, stages

if TYPE_CHECKING:
    from collections.abc import Callable

    from solutions.mistakes.machine import Epoch, Log, Number, Reading, Setup


# --- which loss is read -------------------------------------------------------------------------------------


def after_updates(log: Log, epoch: Epoch) -> list[Reading]:
    """Each batch's loss after its update."""
    after = [*epoch.at[1:], epoch.end][: len(epoch.batches)]
    return [
        (log.measure(x, y, log.w[i], log.b[i]), m)
        for (x, y), m, i in zip(epoch.batches, epoch.sizes, after, strict=True)
    ]


def at_end(log: Log, epoch: Epoch) -> list[Reading]:
    """The loss on all data after the epoch's last update."""
    return [(log.at(epoch.end), len(log.setup.y))]


def at_zero(log: Log, epoch: Epoch) -> list[Reading]:
    """The loss on all data at the starting parameters, in every epoch."""
    del epoch
    return [(log.at(0), len(log.setup.y))]


def fresh(log: Log, epoch: Epoch) -> list[Reading]:
    """Each batch's loss before its update, measured at the parameters of that moment."""
    return [
        (log.measure(x, y, log.w[i], log.b[i]), m)
        for (x, y), m, i in zip(epoch.batches, epoch.sizes, epoch.at, strict=True)
    ]


# --- how an epoch's losses become one -----------------------------------------------------------------------


def plain_mean(readings: list[Reading], _n: int) -> Number:
    """The mean of the batch means, each counting the same."""
    return ratio(sum(value for value, _ in readings), len(readings))


def over_samples(readings: list[Reading], n: int) -> Number:
    """The sum of the batch means over the number of samples."""
    return sum(value for value, _ in readings) / n


def plain_sum(readings: list[Reading], _n: int) -> Number:
    """The sum of the batch means."""
    return sum(value for value, _ in readings)


def sample_sum(readings: list[Reading], _n: int) -> Number:
    """The sum over all samples."""
    return sum(m * value for value, m in readings)


def last(readings: list[Reading], _n: int) -> Number:
    """The last batch's loss."""
    return readings[-1][0] if readings else np.nan


# --- changes to the finished record -------------------------------------------------------------------------


def entries(keep: Callable[[Log], list[int]]) -> Callable[[Log], Log]:
    """Keep some entries of the path."""

    def change(log: Log) -> Log:
        chosen = [i for i in keep(log) if i < len(log.w)]
        log.w, log.b = [log.w[i] for i in chosen], [log.b[i] for i in chosen]
        return log

    return change


without_start = entries(lambda log: list(range(1, len(log.w))))
thinned = entries(lambda log: list(range(0, len(log.w), 2)))
epoch_ends = entries(lambda log: [0, *(epoch.end for epoch in log.epochs)])
ends_only = entries(lambda log: [epoch.end for epoch in log.epochs])
epoch_starts = entries(lambda log: [epoch.start for epoch in log.epochs])
last_epoch = entries(lambda log: list(range(log.epochs[-1].start if log.epochs else 0, len(log.w))))


def unmoved(log: Log) -> Log:
    """The loss was computed without the step, and only once."""
    return replace(log, w=log.w[:1], b=log.b[:1])


def aliases(first: int) -> Callable[[Log], Log]:
    """From entry ``first`` on, every entry of the path is the last."""

    def change(log: Log) -> Log:
        rest = max(0, len(log.w) - first)
        log.w = log.w[:first] + log.w[-1:] * rest
        log.b = log.b[:first] + log.b[-1:] * rest
        return log

    return change


def running(log: Log) -> Log:
    """The sum over an epoch goes on into the next."""
    return replace(log, loss=list(accumulate(log.loss)))


def running_mean(log: Log) -> Log:
    """The sum and the count over an epoch go on into the next."""
    return replace(log, loss=[s / (e + 1) for e, s in enumerate(accumulate(log.loss))])


def repeated(keep: int) -> Callable[[Setup], Setup]:
    """One more epoch, in the order of epoch ``keep``."""

    def change(setup: Setup) -> Setup:
        extra = setup.orders[keep] if setup.orders else np.arange(len(setup.y))
        partners = None if setup.partners is None else (*setup.partners, np.arange(len(setup.y)))
        return replace(setup, orders=(*setup.orders, extra), partners=partners)

    return change


def skipped(chosen: slice) -> Callable[[Setup], Setup]:
    """Only some of the epochs."""

    def change(setup: Setup) -> Setup:
        partners = None if setup.partners is None else setup.partners[chosen]
        return replace(setup, orders=setup.orders[chosen], partners=partners)

    return change


def midway(log: Log) -> Log:
    """The path is recorded in the middle of a double step too."""
    for path in (log.w, log.b):
        path[:] = [entry for a, b in pairwise(path) for entry in (a, (a + b) / 2)] + path[-1:]
    return log


def newest_epoch(log: Log) -> Log:
    """The lists begin anew with the start in every epoch."""
    first = log.epochs[-1].start + 1 if log.epochs else 1
    return replace(log, w=log.w[:1] + log.w[first:], b=log.b[:1] + log.b[first:])


def rooted(log: Log) -> Log:
    """The root is taken of the epoch's mean."""
    with np.errstate(all="ignore"):
        return replace(log, loss=np.sqrt(np.array(log.loss, dtype=np.float64)).tolist())


def entry_per_batch(*, dedented: bool) -> Callable[[Log], Log]:
    """An epoch's one update, and an entry for every batch; ``dedented``: the update follows the last of them."""

    def change(log: Log) -> Log:
        for path in (log.w, log.b):
            found = path[:1]
            for epoch in log.epochs:
                last = epoch.start if dedented else epoch.end
                found += [path[epoch.start]] * (len(epoch.batches) - 1) + path[last : last + 1]
            path[:] = found
        return log

    return change


RESTARTED = (
    Slip("reinitialised-each-epoch", stages(restart=True, read=at_zero)),
    Slip("reinitialised-each-epoch", both(stages(restart=True, read=at_zero), finished(newest_epoch))),
)
ROOTED = (Slip("root-mean-square", finished(rooted)),)
AT_START = (Slip("loss-at-epoch-start", stages(read=at_start), pairs=True),)


def recording(*, on_all_data: bool) -> tuple[Slip, ...]:
    """Return the slips; ``on_all_data``: an epoch's loss is one on all data (ps3, ps4), not of its batches."""
    found = [Slip("loss-after-update", stages(read=after_updates), pairs=not on_all_data)]
    if on_all_data:
        found = [Slip("loss-after-update", stages(read=at_end), pairs=True)]
    return (
        *found,
        Slip("initial-parameters-missing", finished(without_start), pairs=True),
        Slip("history-aliases-last", finished(aliases(0)), pairs=True),
        Slip("history-aliases-last", finished(aliases(1))),
        Slip("one-epoch-short", prepared(skipped(slice(0, -1))), pairs=True),
        Slip("one-epoch-short", prepared(skipped(slice(1, None))), pairs=True),
        Slip("one-epoch-long", prepared(repeated(-1)), pairs=True),
        Slip("one-epoch-long", prepared(repeated(0))),
        Slip("mean-of-batch-means", stages(read=before_updates, combine=plain_mean), pairs=True),
        Slip("batch-means-over-samples", stages(read=before_updates, combine=over_samples), pairs=True),
        Slip("loss-not-averaged", stages(combine=sample_sum), pairs=True),
        Slip("loss-not-averaged", stages(read=before_updates, combine=plain_sum), pairs=not on_all_data),
        Slip("loss-not-averaged", stages(read=before_updates, combine=sample_sum)),
        Slip("last-batch-loss", stages(read=before_updates, combine=last), pairs=True),
        Slip("running-loss-not-reset", finished(running), pairs=True),
        Slip("running-loss-not-reset", finished(running_mean)),
        Slip("running-loss-not-reset", both(stages(read=before_updates), finished(running))),
        Slip("running-loss-not-reset", both(stages(read=before_updates), finished(running_mean))),
        Slip("loss-at-epoch-end", stages(read=at_end), pairs=not on_all_data),
        Slip("one-entry-per-epoch", finished(epoch_ends), pairs=True),
        Slip("one-entry-per-epoch", finished(epoch_starts)),
        Slip("one-entry-per-epoch", finished(ends_only)),
        Slip("reinitialised-each-epoch", stages(restart=True), pairs=True),
        Slip("reinitialised-each-epoch", both(stages(restart=True), finished(last_epoch))),
        Slip("reinitialised-each-epoch", both(stages(restart=True), finished(newest_epoch))),
        *(RESTARTED if on_all_data else ()),
    )
