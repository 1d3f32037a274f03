"""Visiting orders and batches: lists of index tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch

from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.plain import UnreadableError, array, describe, items

MOST = 10_000


def orders(asked: Asked) -> Reading:
    """Call with a seeded generator, with a second of the same seed, once more on the first, and with another seed.

    Values: ``orders``, ``again``, ``next``, ``other``, ``advances`` and ``global_random`` ("untouched" or "changed").
    """
    built = asked.build()
    seed = int(asked.options.get("seed", 0))
    given = [value for name, value in built.items() if name != "generator"]
    first, second = (torch.Generator().manual_seed(seed) for _ in range(2))
    start = first.get_state()
    before = _global_random()
    results = {"orders": asked.call(*given, first)}
    advances = not torch.equal(start, first.get_state())
    results["again"] = asked.call(*given, second)
    results["next"] = asked.call(*given, first)
    untouched = before == _global_random()
    results["other"] = asked.call(*given, torch.Generator().manual_seed(seed + 1))
    reading = Reading()
    for name, result in results.items():
        read_indices(reading, asked.name, name, result, "an order")
        if name not in reading.values:
            break
    reading.values["advances"] = advances
    reading.values["global_random"] = "untouched" if untouched else "changed"
    return reading


def batches(asked: Asked) -> Reading:
    """Call, and read ``batches``: one array of indices per batch."""
    reading = Reading()
    read_indices(reading, asked.name, "batches", asked.call(*asked.build().values()), "a batch")
    return reading


def read_indices(reading: Reading, function: str, name: str, result: Any, one: str) -> None:
    """Read a list of index arrays into ``values[name]``."""
    if result is None:
        reading.faults.append(("returns-none", f"{function} returns None."))
        return
    if isinstance(result, Iterator):
        reading.faults.append(("", f"{function} returns {describe(result)}, which can be read only once."))
        result = list(islice(result, MOST))
    try:
        found = items(result)
    except UnreadableError:
        sentence = f"{function} returns {describe(result)}; a list of tensors is asked for."
        reading.faults.append(("wrong-shape", sentence))
        return
    arrays: list[np.ndarray] = []
    for index, item in enumerate(found[:MOST]):
        try:
            numbers, word = array(item)
        except UnreadableError as error:
            reading.faults.append(("wrong-shape", f"Entry {index} of {function}'s list {error}; {one} is a tensor."))
            return
        if numbers.ndim != 1:
            shape = numbers.shape
            reading.faults.append(
                ("wrong-shape", f"Entry {index} of {function}'s list has shape {shape}; {one} is 1-d.")
            )
        if word:
            reading.dtypes[name] = word if reading.dtypes.get(name, word) == word else "mixed"
        arrays.append(numbers.reshape(-1) if numbers.dtype.kind == "f" and numbers.size else _whole(numbers))
    reading.values[name] = arrays


def _whole(numbers: np.ndarray) -> np.ndarray:
    return numbers.reshape(-1).astype(np.int64)


def _global_random() -> tuple[bytes, tuple[str, bytes, int], tuple[Any, ...]]:
    """Return the state of the three global generators, fit for comparison."""
    state: Any = np.random.get_state()  # noqa: NPY002
    name, keys, position = state[:3]
    return torch.get_rng_state().numpy().tobytes(), (str(name), keys.tobytes(), int(position)), random.getstate()
