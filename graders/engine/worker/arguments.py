"""Plain values become the arguments of a call, and are read again after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graders.history import History

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = ("w", "b", "loss")


def tensor(value: np.ndarray, dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Return a tensor of its own: float64 in the judged dtype on the judged device, the rest on the CPU."""
    own = torch.from_numpy(np.array(value, copy=True, order="C"))
    if own.is_floating_point():
        return own.to(dtype=dtype, device=device)
    return own.to(torch.int64) if own.dtype != torch.bool else own


def build(value: Any, dtype: torch.dtype, device: torch.device) -> Any:
    """Return one argument made from its plain value; a dict of ``w``, ``b``, ``loss`` becomes a History."""
    if isinstance(value, np.ndarray):
        return tensor(value, dtype, device)
    if isinstance(value, list):
        return [build(item, dtype, device) for item in value]
    if isinstance(value, tuple):
        return tuple(build(item, dtype, device) for item in value)
    if isinstance(value, dict):
        built = {key: build(item, dtype, device) for key, item in value.items()}
        return History(*(_floats(value[name]) for name in FIELDS)) if set(value) == set(FIELDS) else built
    return value


def _floats(column: Any) -> list[float]:
    """Return one column of a History as plain Python floats."""
    return [float(entry) for entry in column]


def build_all(arguments: Mapping[str, Any], dtype: torch.dtype, device: torch.device) -> dict[str, Any]:
    """Return every argument of a call, in the order of the contract."""
    return {name: build(value, dtype, device) for name, value in arguments.items()}


def same(now: Any, sent: Any) -> bool:
    """Tell whether an argument still is what ``build`` made of ``sent``."""
    if isinstance(sent, np.ndarray):
        if not isinstance(now, torch.Tensor):
            return False
        array = now.detach().cpu().numpy()
        return np.array_equal(array, sent.astype(array.dtype), equal_nan=array.dtype.kind == "f")
    if isinstance(sent, (list, tuple)):
        return (
            isinstance(now, (list, tuple))
            and len(now) == len(sent)
            and all(same(a, b) for a, b in zip(now, sent, strict=True))
        )
    if isinstance(sent, dict):
        if isinstance(now, History):
            return all(same(getattr(now, name), _floats(sent[name])) for name in FIELDS)
        return isinstance(now, dict) and list(now) == list(sent) and all(same(now[k], sent[k]) for k in sent)
    return type(now) is type(sent) and bool(now == sent or (now != now and sent != sent))  # noqa: PLR0124


def after(built: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arrays, lists and mappings among the arguments as they are now.

    One that is unchanged comes back exactly as it was sent, so that no rounding looks like a change.
    """
    return {
        name: value if same(built[name], value) else plain(built[name])
        for name, value in sent.items()
        if name in built and isinstance(value, (np.ndarray, list, dict))
    }


def plain(value: Any) -> Any:
    """Return an argument that a function changed as a plain value; what is none becomes the name of its type."""
    if isinstance(value, torch.Tensor):
        array: np.ndarray = value.detach().cpu().numpy().copy()
        return array
    if isinstance(value, History):
        return {name: plain(column) for name, column in zip(FIELDS, value, strict=True)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, (str, int, float)) else str(key): plain(item) for key, item in value.items()}
    return value if value is None or type(value) in (bool, int, float, str) else type(value).__name__
