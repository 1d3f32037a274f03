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


def after(built: Mapping[str, Any], sent: Mapping[str, Any]) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return the array arguments as they are now, and the names of changed lists, mappings and histories.

    An array that is unchanged comes back exactly as it was sent, so that no rounding looks like a change.
    """
    arrays: dict[str, np.ndarray] = {}
    changed: list[str] = []
    for name, value in sent.items():
        if name not in built:
            continue
        now = built[name]
        if isinstance(value, np.ndarray) and isinstance(now, torch.Tensor):
            unchanged = same(now, value)
            arrays[name] = np.array(value) if unchanged else now.detach().cpu().numpy().copy()
        elif isinstance(value, (list, dict)) and isinstance(now, (list, dict, History)) and not same(now, value):
            changed.append(name)
    return arrays, changed
