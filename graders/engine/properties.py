"""Exercises judged by properties instead of numbers: visiting orders, batches, loaders, datasets."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.batches import cut_rightly, known_batches, known_cuts
from graders.engine.card import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Case
    from graders.engine.observation import Observation

    Indices = np.ndarray[Any, np.dtype[Any]]

FEW, DEVIATIONS = 10, 6.0  # of a normal distribution: once in 1e9 calls
SAME = "All epochs visit the samples in the same order."
CHANCE = 1e-6  # what happens by chance more rarely than this is no chance


# -- make_orders -------------------------------------------------------------------------------------------------


def fresh_orders(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``make_orders``: permutations, fresh each epoch, reproducible from a generator that advances.

    Aspects: ``permutations`` and ``generator``.
    """
    values = observation.values
    if "orders" not in values:
        return _unread(observation, "permutations", "generator")
    n, epochs = int(case.arguments["n"]), int(case.arguments["epochs"])
    orders = list(values["orders"])
    faults = _wrong_orders(orders, n, epochs, observation.dtypes.get("orders", ""))
    drawn = _generator_faults(values, orders, n)
    if not faults:
        faults = _not_fresh(orders, n)
    if any(fault.mistake == "ignores-an-argument" for fault in drawn) and _as_they_stand(orders, n):
        faults = [replace(fault, mistake=fault.mistake or "ignores-an-argument") for fault in faults]
    return faults + drawn


def _as_they_stand(orders: Sequence[Indices], n: int) -> bool:
    return all(np.array_equal(order, np.arange(n)) for order in orders)


def _unread(observation: Observation, *aspects: str) -> list[Fault]:
    """Return what the probe says of an answer it could not read, for the aspects that are lost with it."""
    return [
        Fault(sentence, mistake or None, aspect) for mistake, sentence in observation.faults[:1] for aspect in aspects
    ]


def _wrong_orders(orders: Sequence[Indices], n: int, epochs: int, dtype: str) -> list[Fault]:
    faults = []
    if len(orders) != epochs:
        mistake = {epochs - 1: "one-epoch-short", epochs + 1: "one-epoch-long"}.get(len(orders))
        sentence = f"There {_count(len(orders), 'order')} for {epochs} epoch{_s(epochs)}."
        faults.append(Fault(sentence, mistake, "permutations"))
        if mistake and len(orders) > 1 and _all_the_same(orders, n):
            faults[-1] = Fault(f"{sentence} {SAME}", f"{mistake}+same-order-every-epoch", "permutations")
    if orders and dtype not in ("", "int64"):
        faults.append(Fault(f"The orders have dtype {dtype}; int64 is asked for.", aspect="permutations"))
    for epoch, order in enumerate(orders):
        sentence = _not_a_permutation(order, n, f"in epoch {epoch + 1}")
        if sentence:
            faults.append(Fault(sentence, aspect="permutations"))
            break
    return faults


def _not_a_permutation(order: Indices, n: int, where: str) -> str:
    """Return the first thing wrong with an order of n samples, or ""."""
    outside = [value for value in order.tolist() if not 0 <= value < n or value != int(value)]
    if outside:
        return f"Index {outside[0]:g} {where} is none of the samples 0 to {n - 1}."
    counts = np.bincount(order.astype(np.int64), minlength=n)
    if counts.max(initial=0) > 1:
        sample = int(np.argmax(counts > 1))
        times = {2: "twice", 3: "three times"}.get(int(counts[sample]), f"{counts[sample]} times")
        return f"Sample {sample} is visited {times} {where}."
    if counts.min(initial=1) == 0:
        return f"Sample {int(np.argmin(counts))} is never visited {where}."
    return ""


def _not_fresh(orders: Sequence[Indices], n: int) -> list[Fault]:
    """Name epochs that repeat, shift or reverse another, where chance does not explain it."""
    pairs = len(orders) * (len(orders) - 1) / 2
    if not pairs:
        return _not_shuffled(orders, n)
    if _all_the_same(orders, n):
        unshuffled = np.array_equal(orders[0], np.arange(n))
        sentence = "No epoch is shuffled: each visits the samples as they stand." if unshuffled else SAME
        return [Fault(sentence, "same-order-every-epoch", "permutations")]
    for (i, first), (j, second) in combinations(enumerate(orders), 2):
        if np.array_equal(first, second) and _rare(n, pairs, 1):
            sentence = f"Epochs {i + 1} and {j + 1} visit the samples in the same order."
            return [Fault(sentence, aspect="permutations")]
        if (_is_shift(first, second) or np.array_equal(first[::-1], second)) and _rare(n, pairs * (2 * n + 1), 1):
            sentence = f"The order of epoch {j + 1} is that of epoch {i + 1}, only shifted or reversed."
            return [Fault(sentence, aspect="permutations")]
    return _not_shuffled(orders, n) or _half_shuffled(orders, n)


def _all_the_same(orders: Sequence[Indices], n: int) -> bool:
    """Tell whether all epochs have one order, and not by chance."""
    return all(np.array_equal(order, orders[0]) for order in orders) and _rare(n, 1.0, len(orders) - 1)


def _half_shuffled(orders: Sequence[Indices], n: int) -> list[Fault]:
    """Name orders in which too many samples stay near their place, or near where the epoch before had them.

    The sum of Spearman's rank correlations of E independent permutations has the variance E / (n - 1).
    """
    standing = [np.arange(n)] * len(orders)
    told = (
        ("The orders are not fully shuffled: many samples stay near their own place.", standing, orders),
        ("The orders are not fresh: many samples stay near their place of the epoch before.", orders[:-1], orders[1:]),
    )
    for sentence, before, after in told:
        if n > FEW and before and _correlation(before, after) * math.sqrt((n - 1) / len(before)) > DEVIATIONS:
            return [Fault(sentence, aspect="permutations")]
    return []


def _correlation(before: Sequence[Indices], after: Sequence[Indices]) -> float:
    """Return the sum of the correlations of each order with the one before it."""
    return float(sum(np.corrcoef(one, other)[0, 1] for one, other in zip(before, after, strict=True)))


def _not_shuffled(orders: Sequence[Indices], n: int) -> list[Fault]:
    for epoch, order in enumerate(orders):
        if np.array_equal(order, np.arange(n)) and _rare(n, len(orders), 1):
            return [Fault(f"Epoch {epoch + 1} is not shuffled.", aspect="permutations")]
    return []


def _rare(n: int, ways: float, times: int) -> bool:
    """Tell whether ``times`` independent coincidences, each of chance ways / n!, are too rare to be chance."""
    return times * (math.log(ways) - math.lgamma(n + 1)) < math.log(CHANCE)


def _is_shift(first: Indices, second: Indices) -> bool:
    """Tell whether one order is the other rotated, or with a constant added modulo n."""
    n = len(first)
    start = np.nonzero(first == second[0])[0]
    rotated = start.size == 1 and np.array_equal(np.roll(first, -int(start[0])), second)
    return bool(rotated or np.unique((second - first) % n).size == 1)


def _generator_faults(values: Mapping[str, Any], orders: Sequence[Indices], n: int) -> list[Fault]:
    faults = []
    again, after, other = (values.get(name) for name in ("again", "next", "other"))
    unread = (again is not None and not _same(again, orders)) or (other is not None and _same(other, orders))
    mistake = "ignores-an-argument" if unread and bool(orders) and n > 1 else None
    if values.get("global_random") == "changed":
        sentence = "The global random state changes; only the given generator is to be used."
        faults.append(Fault(sentence, mistake, "generator"))
    if again is not None and not _same(again, orders):
        sentence = "A second generator with the same seed gives other orders."
        faults.append(Fault(sentence, "ignores-an-argument", "generator"))
    repeats = after is not None and _same(after, orders) and bool(orders) and _rare(n, 1.0, len(orders))
    if repeats or (values.get("advances") is False and orders and n > 1):
        sentence = "The generator does not advance: a second call with it gives the same orders."
        if not repeats:
            sentence = "The state of the given generator does not advance."
        faults.append(Fault(sentence, mistake, "generator"))
    return faults


def _same(left: Sequence[Indices], right: Sequence[Indices]) -> bool:
    return len(left) == len(right) and all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


# -- split_batches -----------------------------------------------------------------------------------------------


def batches_of(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``split_batches``: batch k is ``order[k*B : (k+1)*B]``, the last may be smaller. Aspect: ``batches``."""
    if "batches" not in observation.values:
        return _unread(observation, "batches")
    order, size = (case.arguments[name] for name in ("order", "batch_size"))
    dtype = observation.dtypes.get("batches", "")
    if dtype not in ("", "int64"):
        return [Fault(f"The batches have dtype {dtype}; int64 is asked for.", aspect="batches")]
    got = [np.asarray(batch) for batch in observation.values["batches"]]
    return [Fault(sentence, mistake, "batches") for sentence, mistake in compare_batches(got, np.asarray(order), size)]


def compare_batches(got: Sequence[Indices], order: Indices, size: int) -> list[tuple[str, str | None]]:
    """Return the first difference from the right batches in words, once for each mistake that makes exactly these."""
    right = cut_rightly(order, size)
    if _same(got, right):
        return []
    mistakes = [name for name, made in known_batches(order, size) if _same(got, made)]
    return [(_batch_sentence(got, right, order), mistake) for mistake in dict.fromkeys(mistakes) or (None,)]


def _batch_sentence(got: Sequence[Indices], right: Sequence[Indices], order: Indices) -> str:
    """Return the most telling difference: how many, which sample, which size."""
    if len(got) != len(right):
        return f"There {_count(len(got), 'batch', 'batches')}; {len(right)} {_is(len(right))} expected."
    for index, (mine, due) in enumerate(zip(got, right, strict=True)):
        if len(mine) != len(due):
            return f"Batch {index} has {len(mine)} sample{_s(len(mine))}; {len(due)} {_is(len(due))} expected."
        if sorted(mine.tolist()) == sorted(due.tolist()) and not np.array_equal(mine, due):
            return f"Batch {index} holds the right samples in another order."
        if not np.array_equal(mine, due):
            place = int(np.argmax(mine != due))
            return f"Batch {index} holds sample {mine[place]:g} where {due[place]} is expected."
    return f"The batches differ from the {len(order)} samples in order."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{_is(number)} {number} {one if number == 1 else many or one + 's'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _s(number: int) -> str:
    return "" if number == 1 else "s"


# -- make_loader and LineDataset ---------------------------------------------------------------------------------


def loader_visits(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``make_loader`` by iterating it: the same order on every pass. Aspects: ``order`` and ``passes``."""
    values, dataset = observation.values, case.arguments["dataset"]
    if "first" not in values:
        return _unread(observation, "order", "passes")
    x, y = (np.asarray(dataset[name], dtype=np.float64) for name in ("x", "y"))
    order, size = np.asarray(case.arguments["order"], dtype=np.int64), int(case.arguments["batch_size"])
    first = _visits(values["first"], x, y)
    if isinstance(first, str):
        return [Fault(first, mistake, "order") for mistake in _torn(values["first"], x, y, order, size) or (None,)]
    faults = [Fault(sentence, mistake, "order") for sentence, mistake in compare_batches(first, order, size)]
    if faults:  # pairs of x and y may be torn apart and still be samples
        faults += [Fault(faults[0].sentence, mistake, "order") for mistake in _torn(values["first"], x, y, order, size)]
    second = _visits(values.get("second", []), x, y)
    if isinstance(second, str):
        faults.append(Fault(f"On the second pass: {second}", aspect="passes"))
    elif not second and len(order):
        faults.append(Fault("The second pass over the loader is empty.", "state-left-between-calls", "passes"))
    elif not _same(first, second):
        faults.append(Fault("The second pass visits the samples in another order.", aspect="passes"))
    return faults


def _visits(batches: Sequence[Sequence[Any]], x: Indices, y: Indices) -> list[Indices] | str:
    """Return the indices of the samples in each batch, or a sentence where they are no samples of the data."""
    rows = {row: index for index, row in reversed(list(enumerate(_rows(x, y))))}
    visited = []
    for number, (some_x, some_y) in enumerate(batches):
        some_x, some_y = (np.asarray(part, dtype=np.float64) for part in (some_x, some_y))  # noqa: PLW2901
        if not _paired(some_x, some_y) or some_x.shape[1:] != x.shape[1:] or some_y.shape[1:] != y.shape[1:]:
            shapes = f"{some_x.shape} and {some_y.shape}"
            return f"Batch {number} has shapes {shapes}; rows of shape {x.shape[1:]} and {y.shape[1:]} are expected."
        found = [rows.get(row) for row in _rows(some_x, some_y)]
        if None in found:
            place = found.index(None)
            return f"Row {place} of batch {number} is no sample of the dataset: its x and y do not belong together."
        visited.append(np.array(found, dtype=np.int64))
    return visited


def _torn(batches: Sequence[Sequence[Any]], x: Indices, y: Indices, order: Indices, size: int) -> list[str]:
    """Return the ids, alone or as "a+b", of batches whose x are in the given order and whose y as they are stored."""
    parts = [(np.asarray(some_x, dtype=np.float64), np.asarray(some_y, dtype=np.float64)) for some_x, some_y in batches]
    if not all(_paired(*pair) for pair in parts):
        return []
    got = [_rows(*pair) for pair in parts]
    stored = np.arange(len(order))
    return [
        f"only-x-shuffled+{name}" if name else "only-x-shuffled"
        for name, cut in (("", cut_rightly), *known_cuts())
        if got == [_rows(x[i], y[j]) for i, j in zip(cut(order, size), cut(stored, size), strict=True)]
    ]


def _paired(x: Indices, y: Indices) -> bool:
    """Tell whether there is one row of y for each row of x."""
    return bool(x.ndim and y.ndim) and len(x) == len(y)


def _rows(x: Indices, y: Indices) -> list[tuple[float, ...]]:
    """Return each sample as a tuple, in float32's precision."""
    flat = [part.reshape(len(part), math.prod(part.shape[1:])) for part in (x, y)]
    both = np.concatenate(flat, axis=1).astype(np.float32)
    return [tuple(row) for row in both.tolist()]


def dataset_items(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``LineDataset``: as many items as samples, and the given x and y. Aspects: ``length`` and ``items``."""
    values = observation.values
    if "length" not in values:
        return []
    faults = []
    x, y = (np.asarray(case.arguments[name], dtype=np.float64) for name in ("x", "y"))
    if values["length"] != len(x):
        faults.append(Fault(f"len() is {values['length']} for {len(x)} sample{_s(len(x))}.", aspect="length"))
    for name, wanted in (("x", x), ("y", y)):
        if name in values and (said := _item_difference(name, np.asarray(values[name]), wanted)):
            faults.append(Fault(*said, aspect="items"))
        elif name not in values and len(x):
            faults += _unread(observation, "items") or [Fault(f"No item has a readable {name}.", aspect="items")]
    return faults


def _item_difference(name: str, got: Indices, wanted: Indices) -> tuple[str, str | None] | None:
    """Return where the items differ from the given data, with the mistake's id where it shows, or None."""
    allowed = 1e-6 if got.dtype == np.float32 else 0.0
    size = min(len(got), len(wanted))
    if got.shape[1:] != wanted.shape[1:]:
        alike = (
            got[:size].size == wanted[:size].size
            and not _off(got[:size].reshape(wanted[:size].shape), wanted[:size], allowed).any()
        )
        sentence = f"The {name} of an item has shape {got.shape[1:]}; {wanted.shape[1:]} is expected."
        return sentence, "wrong-shape" if alike and size else None
    off = _off(got[:size], wanted[:size], allowed)
    if not off.any():
        return None
    index = int(np.nonzero(off)[0][0])
    always_one = (got == got[0]).all() and any(not _off(got[0], row, allowed).any() for row in wanted)
    sentence = f"The {name} of item {index} is not the given {name}[{index}]."
    return sentence, "ignores-an-argument" if always_one else None


def _off(got: Indices, wanted: Indices, allowed: float) -> Indices:
    """Return which numbers differ by more than the share that is allowed; nan and infinity do."""
    with np.errstate(invalid="ignore"):
        return np.asarray(~(np.abs(got - wanted) <= allowed * np.abs(wanted)))
