"""Histories of any form, one or several, and mappings from a setting to a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from graders.engine.worker.arguments import FIELDS
from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.gradients import as_number
from graders.engine.worker.probes.plain import UnreadableError, array, describe, items
from graders.engine.worker.probes.tensors import first

SPELLINGS = {
    "w": ("w", "ws", "weight", "weights"),
    "b": ("b", "bs", "bias", "biases"),
    "loss": ("loss", "losses"),
}
ABSENT = object()


def history(asked: Asked) -> Reading:
    """Call, and read ``w``, ``b``, ``loss`` as 1-d float64 arrays."""
    reading = Reading()
    read_history(reading, asked.name, asked.call(*asked.build().values()))
    return reading


def histories(asked: Asked) -> Reading:
    """Call, and read one history per label: ``w@8``, ``b@8``, ``loss@8``."""
    result = asked.call(*asked.build().values())
    wanted = asked.options.get("labels") or list(_setting(asked, "batch_sizes"))
    reading = Reading()
    for label, found in _entries(reading, asked.name, result, wanted):
        read_history(reading, f"{asked.name}'s entry {label}", found, at=f"@{label}")
    return reading


def mapping(asked: Asked) -> Reading:
    """Call, and read ``value`` in the order of the settings asked for, and the ``keys`` as returned."""
    result = asked.call(*asked.build().values())
    wanted = asked.options.get("labels") or list(_setting(asked, "lrs"))
    reading = Reading()
    values = np.full(len(wanted), np.nan)
    found = dict(_entries(reading, asked.name, result, wanted))
    for index, label in enumerate(wanted):
        if _label(label) not in found:
            continue
        one = as_number(found[_label(label)])
        if one is None:
            kind = describe(found[_label(label)])
            reading.faults.append(("", f"{asked.name}'s entry {_label(label)} is {kind}; one number is asked for."))
        else:
            values[index] = one
            if np.isnan(one):
                reading.faults.append(("", f"{asked.name}'s entry {_label(label)} is nan."))
    if found:
        reading.values["value"] = values
        reading.values["keys"] = np.array([as_number(key) or 0.0 for key in result] if _maps(result) else [])
    return reading


def _setting(asked: Asked, name: str) -> list[Any]:
    values = asked.arguments[name]
    return list(values.tolist() if isinstance(values, np.ndarray) else values)


def _maps(result: Any) -> bool:
    return isinstance(result, Mapping)


def _label(key: Any) -> str:
    """Return the short text of a setting: "8", "0.1"."""
    value = as_number(key)
    if value is None:
        return str(key)[:40]
    return str(int(value)) if value == int(value) else f"{value:.6g}"


def _entries(reading: Reading, function: str, result: Any, wanted: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield (label, entry) for each setting asked for; name what is missing."""
    if result is None:
        reading.faults.append(("returns-none", f"{function} returns None."))
        return
    if not _maps(result):
        reading.faults.append(("wrong-shape", f"{function} returns {describe(result)}; a dict is asked for."))
        return
    numbered = all(as_number(key) is not None for key in wanted)
    found = {
        repr(key)[:40] if numbered and isinstance(key, str) else _label(key): value
        for key, value in list(result.items())
    }
    for key in wanted:
        label = _label(key)
        if label in found:
            yield label, found.pop(label)
        else:
            reading.faults.append(("", f"{function} returns no entry {label}."))
    if found:
        more = ", ".join(found)
        reading.faults.append(("", f"{function} returns entries nobody asked for: {more[:200]}."))


def read_history(reading: Reading, function: str, result: Any, at: str = "") -> None:
    """Read the three columns of a history, whatever holds them."""
    if result is None:
        reading.faults.append(("returns-none", f"{function} returns None." if not at else f"{function} is None."))
        return
    columns = _columns(result)
    if not columns:
        sentence = f"{'returns ' if not at else 'is '}{describe(result)}; w, b and loss are asked for."
        reading.faults.append(("wrong-shape", f"{function} {sentence}"))
        return
    for name in FIELDS:
        if columns[name] is ABSENT:
            reading.faults.append(("", f"The history {'returned by' if not at else 'of'} {function} has no {name}."))
        else:
            read_column(reading, name + at, columns[name])


def _columns(result: Any) -> dict[str, Any]:
    """Return what stands for w, b and loss: by name, or three items in order; {} where there is neither."""
    if isinstance(result, Mapping):
        lower = {key.lower(): value for key, value in list(result.items()) if isinstance(key, str)}
        named = {name: next((lower[s] for s in SPELLINGS[name] if s in lower), ABSENT) for name in FIELDS}
    elif isinstance(result, type):
        return {}
    elif isinstance(result, (torch.Tensor, np.ndarray)):
        named = dict.fromkeys(FIELDS, ABSENT)
    else:
        named = {name: _attribute(result, SPELLINGS[name]) for name in FIELDS}
    if any(value is not ABSENT for value in named.values()):
        return named
    try:
        three = items(result)
    except UnreadableError:
        return {}
    return dict(zip(FIELDS, three, strict=True)) if len(three) == len(FIELDS) else {}


def _attribute(result: Any, names: tuple[str, ...]) -> Any:
    """Return the first of these attributes there is; a method or a broken property is none."""
    for name in names:
        try:
            value = getattr(result, name)
        except Exception:  # noqa: S112 - a broken property is no column
            continue
        if not callable(value):
            return value
    return ABSENT


def read_column(reading: Reading, name: str, column: Any) -> None:
    """Read one number per entry into ``values[name]``; name the entries that are not one number."""
    subject = name.replace("@", " of entry ")
    try:
        numbers, word = array(column)
        readable = sum(size != 1 for size in numbers.shape) <= 1
    except UnreadableError:
        numbers, word, readable = np.zeros(0), "", False
    if not readable:
        try:
            entries = items(column)
        except UnreadableError as error:
            reading.faults.append(("wrong-shape", f"{subject} {error}; a list of numbers is asked for."))
            return
        read = [as_number(entry) for entry in entries]
        odd = next((index for index, entry in enumerate(read) if entry is None), None)
        if odd is not None:
            sentence = f"{subject}[{odd}] is {describe(entries[odd])}; one number is asked for."
            reading.faults.append(("wrong-shape", sentence))
        if all(entry is None for entry in read):
            return
        numbers = np.array([np.nan if entry is None else entry for entry in read])
        word = "float32" if any(_is_float32(entry) for entry in entries) else ""
    else:
        odd = None
    numbers = numbers.astype(np.float64).reshape(-1)
    reading.values[name] = numbers
    if word:
        reading.dtypes[name] = word
    if odd is None and np.isnan(numbers).any():
        reading.faults.append(("", f"{subject}{first(np.isnan(numbers))} is nan."))


def _is_float32(entry: Any) -> bool:
    return getattr(entry, "dtype", None) in (torch.float32, np.float32)
