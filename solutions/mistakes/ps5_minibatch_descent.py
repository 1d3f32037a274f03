"""Known mistakes of ps5: mini-batches, descent on them, and gradients collected over micro-batches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes import batching, contract, recording
from solutions.mistakes import forward_and_loss as model
from solutions.mistakes import gradient_and_update as steps
from solutions.mistakes.loops import history, line, visiting_case, visits
from solutions.mistakes.machine import Machine, Setup, by_length, gather, ratio, size
from solutions.mistakes.ps2_gradients_and_updates import (
    LEFT,
    NOTHING,
    added,
    gradient_answer,
    gradient_setup,
    on_the_callers,
)
from solutions.mistakes.slips import Mistake, Slip, Subject, both, resplit, scaled, stages
from solutions.mistakes.ties import GROUPS, SUMMED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graders.engine.card import Value


# --- split_batches ------------------------------------------------------------------------------------------


def split_answer(machine: Machine, case: Case) -> dict[str, Value]:
    """Return the batches, after those of the earlier call where a list was left."""
    batches = _split(machine, case.arguments)
    if machine.carry and case.earlier is not None:
        before = _split(machine, case.earlier)
        batches = before if machine.carry == "answer" else before + batches
    return {"batches": batches}


def _split(machine: Machine, arguments: Mapping[str, Value]) -> list[Value]:
    order = np.asarray(arguments["order"], dtype=np.int64)
    nothing = np.zeros(len(order))
    setup = Setup(nothing, nothing, 0.0, 0.0, orders=(order,), size=int(arguments["batch_size"]))
    for prepare in machine.prepare:
        setup = prepare(setup)
    return list(machine.split(setup.orders[0], setup.size))


def _order(n: int, batch: int, earlier: Mapping[str, Value] | None = None) -> Case:
    arguments = {"order": visits(n, 1)[0], "batch_size": batch}
    return Case("sample", "", arguments, earlier=earlier)


split_batches = Subject(
    answer=split_answer,
    machines=(Machine(),),
    slips=(
        *batching.BATCHING,
        *contract.SIZES,
        Slip("ignores-an-argument", stages(split=lambda order, _size: [order])),
        contract.LEFT[0],
        contract.LEFT[3],
    ),
    samples=(_order(23, 7), _order(21, 7), _order(23, 5), _order(9, 2, _order(23, 7).arguments), _order(5, 8)),
)


# --- train_minibatch ----------------------------------------------------------------------------------------

LOOP = (
    *model.FORWARD,
    *model.EXCHANGES,
    *model.LOSS[:-2],
    *model.TOGETHER,
    *model.DIVISORS,
    *model.LOSS[-2:],
    *model.LOSS_FOLLOWED,
    *model.LOSS_RECORDED,
    *model.GUARDED,
    *steps.ZEROING,
    *steps.NEVER_MOVE,
    *steps.GRADIENT,
    *steps.STEPPED_TWICE,
    *steps.OPTIMIZER,
    *steps.STALE,
    *steps.RATE,
    *recording.recording(on_all_data=False),
    *batching.BATCHING,
    *batching.FIRST_AGAIN,
    *contract.PARAMETERS,
    *contract.RATES,
    *contract.SIZES,
    *recording.AT_START,
    *recording.ROOTED,
    *steps.WEIGHT_FACTOR,
    *contract.LEFT,
)
LOOP_TIES = (*GROUPS["train_minibatch"], SUMMED)
_EARLIER = visiting_case(8, 2, 3)

train_minibatch = Subject(
    answer=history,
    machines=(Machine(), Machine(combine=by_length), Machine(closed=True)),
    slips=LOOP,
    samples=(
        visiting_case(23, 3, 7),
        visiting_case(21, 3, 7, lr=0.0625, start=(-1.5, 2.5), earlier=_EARLIER.arguments),
        visiting_case(10, 1, 3),
    ),
    ties=LOOP_TIES,
)


# --- accumulated_gradients ----------------------------------------------------------------------------------


def by_samples(sizes: list[int]) -> list[tuple[float, bool]]:
    """Weigh by the share of the samples that were used."""
    return [(m / sum(sizes), False) for m in sizes]


def accumulated(machine: Machine, arguments: Mapping[str, Value]) -> tuple[float, float]:
    """Return (dL/dw, dL/db), collected over micro-batches: by default each counts m / n."""
    setup = gradient_setup(arguments)
    n = len(setup.y)
    setup = replace(setup, orders=(np.arange(n),))
    with np.errstate(all="ignore"):
        for prepare in machine.prepare:
            setup = prepare(setup)
        batches = gather(machine, setup, 0)
        sizes = [size(y) for _, y in batches]
        weights = [w for w, _ in machine.plan(sizes)] if machine.plan else [m / n for m in sizes]
        dw, db = 0.0, 0.0
        for (x, y), weight in zip(batches, weights, strict=True):
            seen_x, seen_y = (setup.x, setup.y) if machine.whole else (x, y)
            gw, gb = machine.gradient(seen_x, seen_y, setup.w, setup.b, setup)
            dw, db = dw + weight * gw, db + weight * gb
    return float(dw), float(db)


def accumulated_answer(machine: Machine, case: Case) -> dict[str, Value]:
    """Return the pair, and that the caller's tensors are as they were."""
    return gradient_answer(machine, case, accumulated)


def weighed(weight: Callable[[int, list[int]], float]) -> Callable[[list[int]], list[tuple[float, bool]]]:
    """Weigh micro-batch ``k`` of the given sizes."""
    return lambda sizes: [(weight(k, sizes), False) for k in range(len(sizes))]


def last_only(weight: Callable[[list[int]], float]) -> Callable[[list[int]], list[tuple[float, bool]]]:
    """Only the last micro-batch is left."""
    return weighed(lambda k, sizes: weight(sizes) if k == len(sizes) - 1 else 0.0)


SUMS = weighed(lambda k, m: float(m[k]))
ONES = weighed(lambda _k, _m: 1.0)
EQUALLY = weighed(lambda _k, m: 1 / len(m))
NOMINAL = weighed(lambda _k, m: m[0] / sum(m))

ACCUMULATION = (
    *model.FORWARD,
    model.EXCHANGES[1],
    *model.LOSS[:1],
    Slip("sum-instead-of-mean", stages(plan=SUMS), pairs=True),
    *model.LOSS[1:-2],
    *model.TOGETHER,
    Slip("divided-by-nominal-batch-size", stages(plan=NOMINAL), pairs=True),
    Slip("divided-by-nominal-batch-size", stages(plan=weighed(lambda k, m: m[k] / (m[0] * len(m)))), pairs=True),
    Slip("divided-by-nominal-batch-size", scaled(model.nominal)),
    Slip("divided-by-nominal-batch-size", scaled(lambda m, setup: setup.size / m)),
    Slip("divided-by-nominal-batch-size", both(scaled(model.nominal), stages(plan=EQUALLY))),
    Slip("divided-by-n-minus-1", scaled(lambda _m, setup: ratio(len(setup.y), len(setup.y) - 1.0)), pairs=True),
    *model.LOSS[-2:],
    *model.LOSS_FOLLOWED,
    NOTHING,
    *steps.GRADIENT,
    Slip("averaged-twice", stages(plan=weighed(lambda k, m: m[k] / sum(m) / len(m)))),
    Slip("averaged-twice", stages(plan=weighed(lambda _k, m: 1 / len(m) ** 2))),
    Slip("divided-by-dataset-size", stages(plan=weighed(lambda _k, m: 1 / sum(m)))),
    Slip("average-missing-in-gradient", stages(plan=SUMS)),
    Slip("last-partial-batch-dropped", resplit(batching.whole_batches)),
    *batching.CUTS[1:3],
    *(slip for slip in batching.CUTS if slip.id == "sliding-window"),
    Slip("last-batch-overlaps", both(stages(split=batching.overlapping), stages(plan=EQUALLY))),
    *batching.WHOLE,
    Slip("full-data-in-batch-loop", stages(whole=True, plan=ONES)),
    *batching.FIRST_ONLY,
    Slip("equal-chunks", stages(split=batching.chunks, plan=EQUALLY)),
    Slip("accumulation-not-divided", stages(plan=ONES), pairs=True),
    Slip("accumulation-not-divided", stages(plan=SUMS)),
    Slip("leftover-micro-batch-dropped", resplit(batching.whole_batches), pairs=True),
    *contract.PARAMETERS,
    *contract.SIZES,
    Slip("micro-batches-weighted-equally", stages(plan=EQUALLY), pairs=True),
    Slip("micro-batches-weighted-equally", stages(plan=weighed(lambda _k, m: 1 / max(1, sum(m) // m[0])))),
    Slip("cleared-inside-accumulation", stages(plan=last_only(lambda m: m[-1] / sum(m))), pairs=True),
    Slip("cleared-inside-accumulation", stages(plan=last_only(lambda _m: 1.0)), pairs=True),
    Slip("cleared-inside-accumulation", stages(plan=last_only(lambda m: 1 / len(m)))),
    Slip("cleared-inside-accumulation", stages(plan=last_only(lambda m: m[0] / sum(m)))),
    Slip("cleared-inside-accumulation", stages(plan=last_only(lambda m: float(m[-1])))),
    *steps.WEIGHT_FACTOR,
    *LEFT,
)

_LINE = line(23)


def _micro(n: int, micro: int, w: float, b: float, **more: Value) -> Case:
    data = line(n)
    arguments = {"x": data["x"], "y": data["y"], "w": np.array(w), "b": np.array(b), "micro_batch_size": micro}
    return Case("sample", "", arguments, **more)


_FIRST = _micro(23, 7, 0.25, -0.875)
accumulated_gradients = Subject(
    answer=accumulated_answer,
    machines=(Machine(), Machine(plan=by_samples), Machine(closed=True)),
    slips=ACCUMULATION,
    samples=(
        _FIRST,
        _micro(21, 7, -1.5, 0.5, options={"requires_grad": True, "filled": True}),
        _micro(10, 4, 1.25, 0.75, earlier=_FIRST.arguments),
        _micro(5, 8, -1.5, 0.5),
    ),
    direct=(
        Mistake("gradients-not-zeroed", on_the_callers("accumulated_gradients", accumulated)),
        Mistake("gradients-not-zeroed", added(accumulated)),
    ),
    ties=(
        *GROUPS["accumulated_gradients"],
        ("sum-instead-of-mean", "average-missing-in-gradient", "accumulation-not-divided"),
        ("averaged-twice", "divided-by-dataset-size"),
    ),
)

SUBJECTS = {
    "split_batches": split_batches,
    "train_minibatch": train_minibatch,
    "accumulated_gradients": accumulated_gradients,
}
