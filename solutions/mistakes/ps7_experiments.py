"""Known mistakes of ps7: sweeps over batch sizes and learning rates, and the map of the loss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes import contract, recording
from solutions.mistakes import forward_and_loss as model
from solutions.mistakes import gradient_and_update as steps
from solutions.mistakes.loops import batch_case, continued, flat, line, setup_of, visiting_case
from solutions.mistakes.machine import Machine, by_length, run
from solutions.mistakes.ps5_minibatch_descent import LOOP, LOOP_TIES
from solutions.mistakes.slips import Mistake, Slip, Subject, scaled, stages
from solutions.mistakes.ties import GROUPS, SUMMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.card import Value
    from solutions.mistakes.machine import Log, Setup


# --- batch_size_sweep ---------------------------------------------------------------------------------------


def run_after(machine: Machine, setup: Setup, before: Log | None) -> Log:
    """Run with what an earlier run of this or another call left behind."""
    return run(machine, setup) if before is None else continued(machine, setup, before)


def _sweep(machine: Machine, arguments: Mapping[str, Value], before: Log | None) -> list[Log]:
    logs = []
    for size in arguments["batch_sizes"]:
        log = run_after(machine, setup_of({**arguments, "batch_size": int(size)}), before)
        logs.append(log)
        before = _copied(log) if machine.carry else None
    return logs


def _copied(log: Log) -> Log:
    return replace(log, w=list(log.w), b=list(log.b), loss=list(log.loss))


def sweep_answer(machine: Machine, case: Case) -> dict[str, Value]:
    """Return ``w@B``, ``b@B``, ``loss@B`` for every batch size B."""
    before = None
    if machine.carry and case.earlier is not None:
        before = _sweep(machine, case.earlier, None)[-1]
    found: dict[str, Value] = {}
    for size, log in zip(case.arguments["batch_sizes"], _sweep(machine, case.arguments, before), strict=True):
        for name, column in (("w", log.w), ("b", log.b), ("loss", log.loss)):
            found[f"{name}@{int(size)}"] = np.array(column, dtype=np.float64)
    return found


def _sizes(case: Case, sizes: list[int], earlier: Mapping[str, Value] | None = None) -> Case:
    return Case("sample", "", {**case.arguments, "batch_sizes": sizes}, earlier=earlier)


_EARLIER = _sizes(visiting_case(8, 2), [3, 2])
# The loop is judged alone in ps5; here only what is most often made together is looked for.
TOGETHER = {
    "sum-instead-of-mean",
    "half-mse",
    "divided-by-nominal-batch-size",
    "gradients-not-zeroed",
    "zeroed-once-per-epoch",
    "ascent",
    "factor-two-missing",
    "bias-uses-new-weight",
    "bias-not-updated",
    "average-missing-in-gradient",
    "stepped-twice",
    "momentum-left-on",
    "loss-after-update",
    "initial-parameters-missing",
    "history-aliases-last",
    "one-epoch-short",
    "mean-of-batch-means",
    "loss-not-averaged",
    "last-batch-loss",
    "one-entry-per-epoch",
    "last-partial-batch-dropped",
    "same-order-every-epoch",
    "order-ignored",
    "one-step-per-epoch",
    "loss-at-epoch-start",
    "loss-at-epoch-end",
    "running-loss-not-reset",
    "batch-means-over-samples",
    "gradients-swapped",
    "only-x-shuffled",
    "absolute-error",
    "adam-instead-of-sgd",
    "bias-factor-two-missing",
    "bias-uses-weight-gradient",
    "inverse-order",
    "batches-reversed",
    "reinitialised-each-epoch",
    "swapped-weight-and-bias",
    "weight-not-updated",
}
SWEPT = tuple(replace(slip, pairs=slip.pairs and slip.id in TOGETHER) for slip in LOOP)

batch_size_sweep = Subject(
    answer=sweep_answer,
    machines=(Machine(), Machine(combine=by_length), Machine(closed=True)),
    slips=SWEPT,
    samples=(
        _sizes(visiting_case(23, 2), [7, 30]),
        _sizes(visiting_case(21, 2, lr=0.0625, start=(-1.5, 2.5)), [7, 4], _EARLIER.arguments),
    ),
    ties=LOOP_TIES,
)


# --- learning_rate_sweep ------------------------------------------------------------------------------------


def _rates(machine: Machine, arguments: Mapping[str, Value], before: Log | None) -> list[Log]:
    logs = []
    for lr in arguments["lrs"]:
        log = run_after(machine, setup_of({**arguments, "lr": float(lr)}), before)
        logs.append(log)
        before = _copied(log) if machine.carry else None
    return logs


def rate_answer(machine: Machine, case: Case) -> dict[str, Value]:
    """Return the loss at the last entry of each path; inf where it is not finite."""
    before = None
    if machine.carry and case.earlier is not None:
        before = _rates(machine, case.earlier, None)[-1]
    with np.errstate(all="ignore"):
        logs = _rates(machine, case.arguments, before)
        last = np.array([_reported(machine, log) for log in logs], dtype=np.float64)
    return {"value": np.where(np.isfinite(last), last, np.inf)}


def _reported(machine: Machine, log: Log) -> float:
    loss = log.measure(log.setup.x, log.setup.y, log.w[-1], log.b[-1])
    for reading in machine.readings:
        loss = reading(loss, len(log.setup.y), log.setup)
    return float(loss)


def _lrs(case: Case, lrs: list[float], earlier: Mapping[str, Value] | None = None) -> Case:
    return Case("sample", "", {**case.arguments, "lrs": lrs}, earlier=earlier)


RATE_SLIPS = (
    *model.FORWARD,
    model.EXCHANGES[1],
    *model.LOSS,
    *model.TOGETHER,
    *model.LOSS_FOLLOWED,
    *model.LOSS_RECORDED,
    *steps.ZEROING,
    *steps.NEVER_MOVE[:1],
    *steps.GRADIENT,
    *steps.STEPPED_TWICE[:2],
    *steps.OPTIMIZER,
    *steps.STALE,
    *steps.RATE,
    *(slip for slip in recording.recording(on_all_data=True) if slip.id.startswith("one-epoch")),
    Slip("loss-not-averaged", stages(value=model.sum_value)),
    Slip("batch-means-over-samples", scaled(lambda m, _s: 1 / m, gradient=False)),
    Slip("reinitialised-each-epoch", stages(restart=True)),
    *contract.PARAMETERS,
    *contract.EPOCHS,
    *contract.RATES,
    *steps.WEIGHT_FACTOR,
    contract.LEFT[1],
    contract.LEFT[3],
)

learning_rate_sweep = Subject(
    answer=rate_answer,
    machines=(Machine(), Machine(closed=True)),
    slips=RATE_SLIPS,
    samples=(
        _lrs(batch_case(23, 6), [0.125, 0.0625, 0.25]),
        _lrs(batch_case(7, 2, start=(-1.5, 2.5)), [0.125, 0.25], _lrs(batch_case(5, 2), [0.0625]).arguments),
    ),
    ties=(*GROUPS["learning_rate_sweep"], SUMMED, ("sum-instead-of-mean", "loss-not-averaged")),
)


# --- loss_grid ----------------------------------------------------------------------------------------------


def grid(machine: Machine, arguments: Mapping[str, Value]) -> Value:
    """Return the loss at every (w, b)."""
    x, y = flat(arguments["x"]), flat(arguments["y"])
    ws, bs = flat(arguments["ws"]), flat(arguments["bs"])
    with np.errstate(all="ignore"):
        found = np.array([[machine.value(machine.predict(x, w, b), y) for b in bs] for w in ws])
        for reading in machine.readings:
            found = reading(found, len(y), None)  # type: ignore[arg-type]
    return found.astype(np.float64)


def grid_answer(machine: Machine, case: Case) -> dict[str, Value]:
    """Return the map; an earlier one where it was kept."""
    left = machine.carry and case.earlier is not None
    return {"value": grid(machine, case.earlier if left and case.earlier is not None else case.arguments)}


_GRID = {
    "x": line(7)["x"],
    "y": line(7)["y"],
    "ws": np.arange(5) / 2 - 0.25,
    "bs": np.arange(4) / 4 - 1.125,
}

loss_grid = Subject(
    answer=grid_answer,
    machines=(Machine(),),
    slips=(
        *model.FORWARD[:-1],
        *model.LOSS,
        *model.TOGETHER,
        Slip("averaged-twice", scaled(lambda m, _s: 1 / m), pairs=True),
        Slip("loss-not-averaged", stages(value=model.sum_value)),
        Slip("state-left-between-calls", stages(carry="answer")),
    ),
    samples=(
        Case("sample", "", _GRID),
        Case("sample", "", {**_GRID, "ws": _GRID["ws"][:3], "bs": _GRID["bs"][1:]}, earlier=_GRID),
    ),
    direct=(
        Mistake("swapped-weight-and-bias", lambda case: {"value": grid(Machine(), case.arguments).T.copy()}),
        Mistake(
            "swapped-weight-and-bias+sum-instead-of-mean",
            lambda case: {"value": grid(Machine(value=model.sum_value), case.arguments).T.copy()},
        ),
        Mistake(
            "swapped-weight-and-bias+half-mse",
            lambda case: {"value": grid(Machine(value=model.half_value), case.arguments).T.copy()},
        ),
    ),
    ties=(("sum-instead-of-mean", "loss-not-averaged"),),
)

SUBJECTS = {
    "batch_size_sweep": batch_size_sweep,
    "learning_rate_sweep": learning_rate_sweep,
    "loss_grid": loss_grid,
}
