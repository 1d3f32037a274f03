"""From the arguments of a case to a run of the machine, and back to the named numbers of its history."""

from __future__ import annotations

from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes.machine import Setup, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.card import Value
    from solutions.mistakes.machine import Array, Log, Machine, Order


def flat(array: Value) -> Array:
    """Return a column as a 1-d array."""
    return np.asarray(array, dtype=np.float64).reshape(-1)


def setup_of(arguments: Mapping[str, Value]) -> Setup:
    """Return the setup: ``epochs`` means batch descent, ``orders`` without ``batch_size`` one sample a time."""
    x, y = flat(arguments["x"]), flat(arguments["y"])
    n = len(y)
    if "epochs" in arguments:
        orders, size = (np.arange(n),) * int(arguments["epochs"]), n
    else:
        orders = tuple(np.asarray(order, dtype=np.int64) for order in arguments.get("orders", ()))
        size = int(arguments.get("batch_size", 1))
    w, b = float(arguments["w0"]), float(arguments["b0"])
    return Setup(x, y, w, b, float(arguments.get("lr", 0.0)), orders, size)


def continued(machine: Machine, setup: Setup, before: Log) -> Log:
    """Run a second time with what the first run left behind."""
    if machine.carry == "answer":
        return before
    if machine.carry == "parameters":
        setup = replace(setup, w=before.w[-1], b=before.b[-1])
    log = run(machine, setup)
    if machine.carry == "lists":
        log.w, log.b = before.w + log.w, before.b + log.b
    if machine.carry in {"lists", "losses"}:
        log.loss = before.loss + log.loss
    return log


def logged(machine: Machine, case: Case) -> Log:
    """Return the record of one case, after the earlier call where there is one."""
    setup = setup_of(case.arguments)
    if machine.carry and case.earlier is not None:
        return continued(machine, setup, run(machine, setup_of(case.earlier)))
    return run(machine, setup)


def history(machine: Machine, case: Case) -> dict[str, Value]:
    """Return ``w``, ``b`` and ``loss`` of one case."""
    log = logged(machine, case)
    return {"w": np.array(log.w), "b": np.array(log.b), "loss": np.array(log.loss, dtype=np.float64)}


# --- cases that tell mistakes apart -------------------------------------------------------------------------


def line(n: int, start: tuple[float, float] = (0.25, -0.875)) -> dict[str, Value]:
    """Return the course's separating set: off centre, not scaled to 1, w0 and b0 apart."""
    i = np.arange(n)
    x = ((7 * i % 23) - 5) / 8
    y = 1.75 * x - 0.625 + ((5 * i % 7) - 3) / 16
    w0, b0 = start
    return {"x": x.reshape(-1, 1), "y": y.reshape(-1, 1), "w0": np.array(w0), "b0": np.array(b0)}


def visits(n: int, epochs: int) -> list[Order]:
    """Return one permutation per epoch, none its own inverse."""
    found = []
    for epoch in range(epochs):
        factor = next(a for a in range(3 + 2 * epoch, 10 * n + 99) if gcd(a, n) == 1)
        found.append((factor * np.arange(n) + 5 * epoch + 2) % n)
    return found


def batch_case(
    n: int,
    epochs: int,
    lr: float = 0.125,
    start: tuple[float, float] = (0.25, -0.875),
    earlier: Mapping[str, Value] | None = None,
) -> Case:
    """Return a case of batch descent."""
    return Case("sample", "", {**line(n, start), "lr": lr, "epochs": epochs}, earlier=earlier)


def visiting_case(
    n: int,
    epochs: int,
    size: int = 0,
    lr: float = 0.125,
    start: tuple[float, float] = (0.25, -0.875),
    earlier: Mapping[str, Value] | None = None,
) -> Case:
    """Return a case with visiting orders; without a size, of one sample a time."""
    arguments = {**line(n, start), "lr": lr, "orders": visits(n, epochs)}
    if size:
        arguments["batch_size"] = size
    return Case("sample", "", arguments, earlier=earlier)
