"""Functions that return one tensor, or one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.plain import UnreadableError, array, describe

if TYPE_CHECKING:
    from collections.abc import Sequence


def tensor(asked: Asked) -> Reading:
    """Call, and read one tensor with its shape and dtype: ``value``."""
    result = asked.call(*asked.build().values())
    reading = Reading()
    read_tensor(reading, asked.name, "value", result)
    return reading


def number(asked: Asked) -> Reading:
    """Call, and read one number however it is wrapped: ``value``."""
    result = asked.call(*asked.build().values())
    reading = Reading()
    read_tensor(reading, asked.name, "value", result)
    if "value" in reading.values:
        value = reading.values.pop("value")
        if value.size == 1:
            reading.values["value"] = float(value.reshape(()))
        else:
            reading.faults.append(("wrong-shape", f"{asked.name} returns {describe(result)}; one number is asked for."))
    return reading


def read_tensor(reading: Reading, function: str, name: str, value: Any, called: str = "") -> None:
    """Read a tensor (or an array, or a number where it means the same) into ``values[name]``."""
    subject = called or function
    verb = "is" if called else "returns"
    if value is None:
        reading.faults.append(("returns-none", f"{subject} {verb} None."))
        return
    try:
        numbers, word = array(value)
    except UnreadableError as error:
        said = f"{subject} {error}." if called else f"{subject} returns {describe(value)}; a tensor is asked for."
        reading.faults.append(("", said))
        return
    reading.values[name] = numbers
    if word:
        reading.dtypes[name] = word
    name_nan(reading, called or f"the result of {function}", numbers)


def name_nan(reading: Reading, subject: str, numbers: np.ndarray) -> None:
    """Name the first entry that is not a number."""
    if numbers.dtype.kind != "f" or not np.isnan(numbers).any():
        return
    where = first(np.isnan(numbers))
    reading.faults.append(("", f"{subject}{where} is nan."))


def first(mask: np.ndarray) -> str:
    """Return the index of the first True as Python writes it: "[3]", "[3, 0]", "" for a single number."""
    index: Sequence[int] = [int(axis[0]) for axis in np.nonzero(np.atleast_1d(mask))]
    return f"[{', '.join(map(str, index))}]" if mask.ndim else ""
