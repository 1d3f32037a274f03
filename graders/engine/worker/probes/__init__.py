"""How a function is called and its result read into plain numbers, one file per kind of exercise."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from graders.engine.worker.probes.asked import Asked, Reading

# name on the card -> module that holds a function of that name
PROBES = {
    "tensor": "tensors",
    "number": "tensors",
    "forward": "differentiable",
    "mse": "differentiable",
    "gradients": "gradients",
    "update": "gradients",
    "history": "histories",
    "histories": "histories",
    "mapping": "histories",
    "orders": "visits",
    "batches": "visits",
    "figure": "figure",
    "dataset": "data",
    "loader": "data",
    "optimizer": "data",
    "signature": "signature",
}


def find(name: str) -> Callable[[Asked], Reading]:
    """Return the probe of that name; its module (and so torch) is imported only now."""
    if name not in PROBES:
        raise KeyError(f"there is no probe {name!r}; there are {', '.join(PROBES)}")
    module = import_module(f"{__name__}.{PROBES[name]}")
    probe: Callable[[Asked], Reading] = getattr(module, name)
    return probe


def warm() -> None:
    """Import every probe, so that no call has to."""
    for name in PROBES:
        find(name)
