"""Exercises judged by properties instead of numbers: visiting orders, batches, loaders, datasets."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.card import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Case
    from graders.engine.observation import Observation

    Indices = np.ndarray[Any, np.dtype[Any]]

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
    if not faults:
        faults = _not_fresh(orders, n)
    return faults + _generator_faults(values, orders, n)


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
    same = np.array([np.array_equal(order, orders[0]) for order in orders])
    if same.all() and _rare(n, 1.0, len(orders) - 1):
        if np.array_equal(orders[0], np.arange(n)):
            sentence = "No epoch is shuffled: each visits the samples as they stand."
        else:
            sentence = "All epochs visit the samples in the same order."
        return [Fault(sentence, "same-order-every-epoch", "permutations")]
    for (i, first), (j, second) in combinations(enumerate(orders), 2):
        if np.array_equal(first, second) and _rare(n, pairs, 1):
            sentence = f"Epochs {i + 1} and {j + 1} visit the samples in the same order."
            return [Fault(sentence, aspect="permutations")]
        if (_is_shift(first, second) or np.array_equal(first[::-1], second)) and _rare(n, pairs * (2 * n + 1), 1):
            sentence = f"The order of epoch {j + 1} is that of epoch {i + 1}, only shifted or reversed."
            return [Fault(sentence, aspect="permutations")]
    return _not_shuffled(orders, n)


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
    right = [order[start : start + size] for start in range(0, len(order), size)]
    if _same(got, right):
        return []
    mistakes = [name for name, made in _known_batches(order, size).items() if _same(got, made)]
    return [(_batch_sentence(got, right, order), mistake) for mistake in mistakes or (None,)]


def _known_batches(order: Indices, size: int) -> dict[str, list[Indices]]:
    """Return what the known mistakes make of an order."""
    n = len(order)
    full = [order[start : start + size] for start in range(0, n, size)]
    count = len(full)
    remainder = n % size
    partial_first = [order[:remainder], *[order[s : s + size] for s in range(remainder, n, size)]]
    step = -(-n // count)  # torch.chunk
    whole = [batch for batch in full if len(batch) == size]
    inverse = np.argsort(order)
    return {
        "last-partial-batch-dropped" if remainder else "last-full-batch-dropped": whole if remainder else full[:-1],
        "last-batch-overlaps": [*full[:-1], order[-size:]],
        "sliding-window": [order[start : start + size] for start in range(n)],
        "equal-chunks": [order[start : start + step] for start in range(0, n, step)],
        "order-ignored": [np.arange(n)[start : start + size] for start in range(0, n, size)],
        "partial-batch-first": partial_first if remainder else full,
        "batches-reversed": full[::-1],
        "first-batch-only": full[:1],
        "full-data-in-batch-loop": [order] * count,
        "inverse-order": [inverse[start : start + size] for start in range(0, n, size)],
    }


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
        return [Fault(first, aspect="order")]
    faults = [Fault(sentence, mistake, "order") for sentence, mistake in compare_batches(first, order, size)]
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
        if some_x.shape[1:] != x.shape[1:] or some_y.shape[1:] != y.shape[1:] or len(some_x) != len(some_y):
            shapes = f"{some_x.shape} and {some_y.shape}"
            return f"Batch {number} has shapes {shapes}; rows of shape {x.shape[1:]} and {y.shape[1:]} are expected."
        found = [rows.get(row) for row in _rows(some_x, some_y)]
        if None in found:
            place = found.index(None)
            return f"Row {place} of batch {number} is no sample of the dataset: its x and y do not belong together."
        visited.append(np.array(found, dtype=np.int64))
    return visited


def _rows(x: Indices, y: Indices) -> list[tuple[float, ...]]:
    """Return each sample as a tuple, in float32's precision."""
    both = np.concatenate([x.reshape(len(x), -1), y.reshape(len(y), -1)], axis=1).astype(np.float32)
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
        if name in values and (sentence := _item_sentence(name, np.asarray(values[name]), wanted)):
            faults.append(Fault(sentence, aspect="items"))
        elif name not in values and len(x):
            faults += _unread(observation, "items") or [Fault(f"No item has a readable {name}.", aspect="items")]
    return faults


def _item_sentence(name: str, got: Indices, wanted: Indices) -> str:
    """Return where the items differ from the given data, or ""."""
    if got.shape[1:] != wanted.shape[1:]:
        return f"The {name} of an item has shape {got.shape[1:]}; {wanted.shape[1:]} is expected."
    allowed = 1e-6 if got.dtype == np.float32 else 0.0
    size = min(len(got), len(wanted))
    off = np.abs(got[:size] - wanted[:size]) > allowed * np.abs(wanted[:size])
    if not off.any():
        return ""
    index = int(np.nonzero(off)[0][0])
    return f"The {name} of item {index} is not the given {name}[{index}]."
