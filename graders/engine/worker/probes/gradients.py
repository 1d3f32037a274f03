"""Functions that return (dL/dw, dL/db), and the update that uses them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import torch

from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.plain import UnreadableError, array, describe, items
from graders.engine.worker.probes.tensors import read_tensor

FILLED = {"w": 3.5, "b": -2.25}  # what stands in .grad before the call, where the case asks for it


def gradients(asked: Asked) -> Reading:
    """Read ``dw`` and ``db``; and ``state``: what happened to the caller's w and b."""
    built = asked.build()
    parameters = {name: built[name] for name in ("w", "b")}
    wanted = bool(asked.options.get("requires_grad"))
    for name, parameter in parameters.items():
        parameter.requires_grad_(wanted)
        if asked.options.get("filled"):
            parameter.grad = torch.full_like(parameter, FILLED[name], requires_grad=False)
    mode = torch.no_grad() if asked.options.get("grad") == "off" else contextlib.nullcontext()
    with mode:
        result = asked.call(*built.values())
    reading = Reading()
    _read_pair(reading, asked.name, result)
    if "requires_grad" in asked.options or "filled" in asked.options:
        changes = [_change(name, parameter, asked.options) for name, parameter in parameters.items()]
        said = [change for change in changes if change]
        reading.values["state"] = f"{asked.name} {' and '.join(said)}." if said else "as it was"
    return reading


def _read_pair(reading: Reading, function: str, result: Any) -> None:
    """Read a pair of any form: tuple, list, mapping with dw and db, or a tensor of two numbers."""
    if result is None:
        reading.faults.append(("returns-none", f"{function} returns None."))
        return
    if isinstance(result, Mapping) and {"dw", "db"} <= set(result):
        pair = [result["dw"], result["db"]]
    elif isinstance(result, Mapping) and {"w", "b"} <= set(result):
        pair = [result["w"], result["b"]]
    else:
        try:
            pair = items(result)
        except UnreadableError:
            pair = []
    if len(pair) != 2:
        sentence = f"{function} returns {describe(result)}; a pair (dL/dw, dL/db) is asked for."
        reading.faults.append(("wrong-shape", sentence))
        return
    for name, value in zip(("dw", "db"), pair, strict=True):
        if value is None:  # no backward pass was made: torch's way to say zero
            reading.faults.append(("returns-none", f"{name}, as {function} returns it, is None."))
            reading.values[name] = 0.0
            continue
        read_tensor(reading, function, name, value, called=f"{name}, as {function} returns it,")


def _change(name: str, parameter: torch.Tensor, options: Mapping[str, Any]) -> str:
    """Return what was done to the caller's tensor besides its value, or ""."""
    wanted = bool(options.get("requires_grad"))
    if parameter.requires_grad != wanted:
        return f"leaves {name} {'without' if wanted else 'with'} requires_grad"
    gradient = parameter.grad
    if not options.get("filled"):
        return "" if gradient is None else f"leaves a gradient in {name}.grad"
    if gradient is None:
        return f"clears the gradient that stood in {name}.grad"
    now = float(gradient.detach())
    return "" if now == FILLED[name] else f"changes {name}.grad from {FILLED[name]:g} to {now:.6g}"


def update(asked: Asked) -> Reading:
    """Fill the gradients with ``options`` dw and db, call, and read what became of the two leaves."""
    built = asked.build()
    w, b = built["w"].requires_grad_(), built["b"].requires_grad_()
    for name, leaf in (("dw", w), ("db", b)):
        leaf.grad = torch.full_like(leaf, float(asked.options[name]), requires_grad=False)
    asked.memory["backwards"] = 1  # the gradients stand for a backward pass that succeeded
    result = asked.call(*built.values())
    reading = Reading()
    for name, leaf in (("w", w), ("b", b)):
        read_tensor(reading, asked.name, name, leaf, called=f"{name} after the update")
        gradient = 0.0 if leaf.grad is None else leaf.grad
        read_tensor(reading, asked.name, f"grad_{name}", gradient, called=f"{name}.grad after the update")
        reading.dtypes.pop(f"grad_{name}", None)
    returned = _tensors(result)
    reading.values["same_objects"] = all(any(item is leaf for leaf in (w, b)) for item in returned)
    reading.values["requires_grad"] = all(leaf.requires_grad and leaf.is_leaf for leaf in (w, b))
    reading.values["returned"] = "None" if result is None else str(type(result).__name__)
    return reading


def _tensors(result: Any) -> list[torch.Tensor]:
    """Return the tensors of a result that should have been None."""
    if isinstance(result, torch.Tensor):
        return [result]
    return [item for item in result if isinstance(item, torch.Tensor)] if isinstance(result, (tuple, list)) else []


def as_number(value: Any) -> float | None:
    """Return the one number a value holds, or None."""
    try:
        numbers, _ = array(value)
    except UnreadableError:
        return None
    return float(numbers.reshape(())) if numbers.size == 1 else None
