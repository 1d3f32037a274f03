"""``forward`` and ``mse``: the value, and the gradient that flows back through it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from graders.engine.worker.failures import StudentError
from graders.engine.worker.probes.asked import Asked, Reading
from graders.engine.worker.probes.plain import _base
from graders.engine.worker.probes.tensors import read_tensor


def forward(asked: Asked) -> Reading:
    """Read ``value`` and the derivatives ``grad_w``, ``grad_b`` of sum(value * weights)."""
    built = asked.build()
    w, b = built["w"].requires_grad_(), built["b"].requires_grad_()
    result = asked.call(*built.values())
    reading = Reading()
    read_tensor(reading, asked.name, "value", result)
    gradients = _flow(asked, reading, result, [w, b], asked.options.get("weights"))
    if gradients is not None:
        reading.values["grad_w"], reading.values["grad_b"] = (float(gradient) for gradient in gradients)
    return reading


def mse(asked: Asked) -> Reading:
    """Read ``value`` and ``grad`` = d value / d y_pred; for unequal shapes, what was ``raised``."""
    built = asked.build()
    prediction = next(iter(built.values())).requires_grad_()
    if asked.options.get("unequal"):
        return _refusal(asked, list(built.values()))
    result = asked.call(*built.values())
    reading = Reading()
    read_tensor(reading, asked.name, "value", result)
    gradients = _flow(asked, reading, result, [prediction], None)
    if gradients is not None:
        reading.values["grad"] = gradients[0]
    return reading


def _refusal(asked: Asked, arguments: list[Any]) -> Reading:
    """Say which exception unequal shapes raise."""
    try:
        asked.call(*arguments)
    except StudentError as stopped:
        refused = isinstance(stopped.error, ValueError)
        return Reading({"raised": "ValueError" if refused else type(stopped.error).__name__})
    return Reading({"raised": "nothing"})


def _flow(
    asked: Asked, reading: Reading, result: Any, leaves: list[torch.Tensor], weights: np.ndarray | None
) -> list[np.ndarray] | None:
    """Return the gradients of the (weighted) sum of the result; zeros where torch gives None."""
    if "value" not in reading.values:
        return None
    if not isinstance(result, torch.Tensor) or not result.requires_grad:
        sentence = f"No gradient is recorded: the result of {asked.name} does not require grad."
        reading.faults.append(("no-grad-around-forward", sentence))
        return None
    with torch._C.DisableTorchFunctionSubclass():
        value = torch.Tensor.as_subclass(result, torch.Tensor)
        factor = torch.ones_like(value)
        if weights is not None and weights.size == value.numel():
            factor = asked.make(weights).to(value).reshape(value.shape)
        total = (value * factor).sum()
    try:
        found = asked.run(lambda: torch.autograd.grad(total, leaves, allow_unused=True))
    except StudentError as stopped:
        if "second time" not in str(stopped.error):
            raise
        sentence = f"The graph of {asked.name}'s result is already used up by a backward pass inside {asked.name}."
        reading.faults.append(("graph-reused", sentence))
        return None
    return [
        np.zeros(tuple(leaf.shape)) if gradient is None else _base(gradient).cpu().numpy().copy()
        for leaf, gradient in zip(leaves, found, strict=True)
    ]
