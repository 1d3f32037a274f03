"""Anything a student may return, read into numpy arrays of our own; no method of a student's class decides."""

from __future__ import annotations

import itertools
import numbers
from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import torch

LONGEST = 2_000_000
KEPT = (torch.float64, torch.float32, torch.int64, torch.bool)


class UnreadableError(Exception):
    """The value holds no numbers that can be read; the message completes "x is ..." or "x ...".

    ``index`` names the entry where there is one.
    """


def array(value: Any) -> tuple[np.ndarray, str]:
    """Return the numbers with their shape, and torch's word for their dtype ("" for plain Python numbers).

    The array is float64, float32, int64 or bool; other dtypes become the nearest of these, the word stays.
    """
    if isinstance(value, torch.Tensor):
        return _from_tensor(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return _from_numpy(np.array(value, copy=True, subok=False))
    if isinstance(value, (bool, int, float, numbers.Real)) or _is_decimal(value):
        return np.array(number(value)), ""
    if value is None or isinstance(value, (str, bytes, Mapping, AbstractSet, Iterator, complex, type)):
        raise UnreadableError(f"is {describe(value)}")
    if not isinstance(value, (list, tuple, deque, range)) and hasattr(type(value), "__array__"):
        return _from_numpy(np.array(np.asarray(value), copy=True, subok=False))
    return _from_items(items(value))


def items(value: Any) -> list[Any]:
    """Return the items of a sequence of any kind."""
    if isinstance(value, (str, bytes, Mapping, AbstractSet, Iterator)) or value is None:
        raise UnreadableError(f"is {describe(value)}")
    if isinstance(value, torch.Tensor):
        if value.dim() == 0:
            raise UnreadableError("is a single number")
        return list(_base(value))
    if not isinstance(value, (list, tuple, deque, range, np.ndarray)) and not (
        hasattr(type(value), "__len__") and hasattr(type(value), "__getitem__")
    ):
        raise UnreadableError(f"is {describe(value)}")
    try:
        found = list(itertools.islice(iter(value), LONGEST + 1))
    except Exception as error:
        raise UnreadableError(f"is {describe(value)}") from error
    if len(found) > LONGEST:
        raise UnreadableError(f"has more than {LONGEST} items")
    return found


def number(value: Any) -> float:
    """Return a plain float; a subclass of float or int is read by the base class."""
    try:
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, int):
            return float(int.__int__(value))
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except Exception as error:
        raise UnreadableError(f"is {describe(value)}") from error


def describe(value: Any) -> str:
    """Return a few words on what a value is: "None", "a list of 3 items", "a Tensor of shape (3, 1)"."""
    if value is None:
        return "None"
    kind = str(type.__getattribute__(type(value), "__name__"))
    if isinstance(value, torch.Tensor):
        return f"a {kind} of shape {tuple(torch.Tensor.size(_base(value)))}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple, dict)):
        size = len(list(value))
        return f"{article(kind)} of {size} item{'' if size == 1 else 's'}"
    if isinstance(value, type):
        return f"the class {type.__getattribute__(value, '__name__')} itself"
    return article(kind)


def article(word: str) -> str:
    """Return the word with "a" or "an" before it."""
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def _base(value: torch.Tensor) -> torch.Tensor:
    """Return the same numbers as an ordinary tensor without history, whatever the subclass says."""
    with torch._C.DisableTorchFunctionSubclass():
        own = torch.Tensor.detach(value)
        return own if type(own) is torch.Tensor else torch.Tensor.as_subclass(own, torch.Tensor)


def _from_tensor(value: torch.Tensor) -> tuple[np.ndarray, str]:
    try:
        own = _base(value)
        word = str(own.dtype).removeprefix("torch.")
        if own.is_complex():
            raise UnreadableError("holds complex numbers")
        if own.layout != torch.strided:
            own = own.to_dense()
        if own.dtype not in KEPT:
            own = own.to(torch.float32 if own.is_floating_point() else torch.int64)
        return own.cpu().numpy().copy(), word
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError("is a tensor whose numbers cannot be read") from error


def _from_numpy(value: np.ndarray) -> tuple[np.ndarray, str]:
    kind, word = value.dtype.kind, value.dtype.name
    if kind == "f":
        wide = np.float64 if value.dtype.itemsize >= np.dtype(np.float64).itemsize else np.float32
        return value.astype(wide), word
    if kind in "iu":
        return value.astype(np.int64), word
    if kind == "b":
        return value, word
    if kind == "O":
        return array(value.tolist())
    raise UnreadableError("holds complex numbers" if kind == "c" else "holds no numbers")


def _from_items(found: list[Any]) -> tuple[np.ndarray, str]:
    if all(type(item) is float for item in found):
        return np.array(found, dtype=np.float64), ""
    if all(type(item) is int for item in found):
        return np.array([number(item) for item in found]), ""
    parts: list[np.ndarray] = []
    words: list[str] = []
    for index, item in enumerate(found):
        try:
            part, word = array(item)
        except UnreadableError as error:
            raise UnreadableError(f"has an entry {index} that {error}") from error
        if parts and part.shape != parts[0].shape:
            raise UnreadableError(f"has entries of shapes {parts[0].shape} and {part.shape}")
        parts.append(part)
        words.append(word)
    return np.stack(parts), "float32" if "float32" in words else words[0]


def _is_decimal(value: Any) -> bool:
    """Tell whether it is a Decimal, which is no ``numbers.Real``."""
    return type(value).__name__ == "Decimal" and hasattr(type(value), "__float__")
