"""Known mistakes of ps6: loops over a loader with ``torch.optim.SGD``, one update per batch or per group."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes import batching, contract, recording
from solutions.mistakes import forward_and_loss as model
from solutions.mistakes import gradient_and_update as steps
from solutions.mistakes.loops import continued, line, visits
from solutions.mistakes.machine import Machine, Setup, cleared, linear, replace, run, value
from solutions.mistakes.slips import Slip, Subject, finished, prepared, resplit, scaled, stages
from solutions.mistakes.ties import GROUPS, SUMMED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graders.engine.card import Value
    from solutions.mistakes.machine import Epoch, Log, Number, Order, Reading


# --- the machine on a model and a loader --------------------------------------------------------------------


@dataclass(frozen=True)
class LoaderSetup(Setup):
    """A setup that knows the loader's order also where no epoch runs."""

    order: Order = field(default_factory=lambda: np.arange(0))


def every(readings: list[Reading], _n: int) -> list[Number]:
    """Record every batch's loss."""
    return [loss for loss, _ in readings]


def loader_setup(arguments: Mapping[str, Value]) -> Setup:
    """Return the setup of a linear model on a loader; a single feature becomes a plain number."""
    plan, loader = arguments["model"], arguments["loader"]
    y = np.asarray(loader["y"], dtype=np.float64).reshape(-1)
    x = np.asarray(loader["x"], dtype=np.float64).reshape(len(y), -1)
    features = x.shape[1]
    weight = np.asarray(plan.get("weight", np.zeros(features)), dtype=np.float64).reshape(-1)
    bias = float(np.asarray(plan.get("bias", 0.0), dtype=np.float64).reshape(-1)[0])
    order = np.asarray(loader.get("order", np.arange(len(y))), dtype=np.int64)
    epochs = (order,) * int(arguments["epochs"])
    lr, size = float(arguments["lr"]), int(loader["batch_size"])
    if features == 1:
        return LoaderSetup(x[:, 0], y, float(weight[0]), bias, lr, epochs, size, order=order)
    return LoaderSetup(x, y, weight, bias, lr, epochs, size, order=order)


MATRIX = {
    value: (model.matrix_value, model.matrix_slope),
    model.sum_value: (model.matrix_sum_value, model.matrix_sum_slope),
    model.half_value: (model.half_matrix_value, model.half_matrix_slope),
    model.absolute_value: (model.absolute_matrix_value, model.absolute_matrix_slope),
}


def broadcasting(machine: Machine, arguments: Mapping[str, Value]) -> Machine:
    """Return the machine whose difference is a matrix, where the targets' shape makes it one."""
    shape = "flat" if np.ndim(arguments["loader"]["y"]) == 1 else "column"
    if machine.broadcast != shape or machine.value not in MATRIX:
        return machine
    wide, steep = MATRIX[machine.value]
    return replace(machine, value=wide, slope=steep)


def grouping(machine: Machine, arguments: Mapping[str, Value]) -> Machine:
    """Return the machine that makes one update per group of batches."""
    if "accumulation_steps" not in arguments or machine.weigh is None:
        return machine
    count, size = int(arguments["accumulation_steps"]), int(arguments["loader"]["batch_size"])
    return replace(machine, plan=_grouped(machine.weigh, machine.leftover, count, size))


@cache
def _grouped(
    weigh: Callable[[int, list[int], int, int], float], leftover: bool, count: int, size: int
) -> Callable[[list[int]], list[tuple[float, bool]]]:
    """Return the plan of groups of ``count`` batches."""

    def plan(sizes: list[int]) -> list[tuple[float, bool]]:
        found = []
        for start in range(0, len(sizes), count):
            group = sizes[start : start + count]
            full = leftover or len(group) == count
            found += [(weigh(k, group, count, size), full and k == len(group) - 1) for k in range(len(group))]
        return found

    return plan


def _logged(machine: Machine, arguments: Mapping[str, Value], before: Log | None = None) -> Log:
    fitted = grouping(broadcasting(machine, arguments), arguments)
    setup = loader_setup(arguments)
    return run(fitted, setup) if before is None else continued(fitted, setup, before)


def loop_answer(machine: Machine, case: Case) -> dict[str, Value]:
    """Return the losses and the final parameters, flattened."""
    left = machine.carry and case.earlier is not None
    before = _logged(machine, case.earlier) if left and case.earlier is not None else None
    log = _logged(machine, case.arguments, before)
    losses = [np.ravel(entry) for entry in log.loss]
    return {
        "losses": np.concatenate(losses) if losses else np.zeros(0),
        "final": np.append(np.ravel(log.w[-1]), log.b[-1]).astype(np.float64),
    }


# --- slips --------------------------------------------------------------------------------------------------


def summed(log: Log) -> Log:
    """What is appended is a running sum, over all epochs."""
    return replace(log, loss=list(accumulate(float(loss) for epoch in log.loss for loss in np.ravel(epoch))))


def summed_in_epoch(log: Log) -> Log:
    """What is appended is a running sum, begun anew in every epoch."""
    return replace(log, loss=[list(accumulate(float(loss) for loss in np.ravel(epoch))) for epoch in log.loss])


def last_everywhere(log: Log) -> Log:
    """Every entry of the list is the last batch's loss."""
    last = [np.ravel(epoch)[-1] for epoch in log.loss if np.size(epoch)][-1:]
    return replace(log, loss=[last * np.size(epoch) for epoch in log.loss])


def copy_trained(log: Log) -> Log:
    """All is as it should be, but a copy was trained: the model that was given stands where it stood."""
    return replace(log, w=log.w[:1], b=log.b[:1])


def after_groups(log: Log, epoch: Epoch) -> list[Reading]:
    """Each batch's loss after the update of its group."""
    return [
        (log.measure(x, y, log.w[i], log.b[i]), m)
        for (x, y), m, i in zip(epoch.batches, epoch.sizes, (min(k + 1, epoch.end) for k in epoch.at), strict=True)
    ]


def first_batch(m: int, setup: Setup) -> float:
    """M / the size of the first batch, which is less than B where B > n."""
    return m / min(setup.size, len(setup.y))


def epoch_mean(readings: list[Reading], n: int) -> Number:
    """One entry per epoch: the mean over its samples."""
    del n
    return sum(m * loss for loss, m in readings) / max(1, sum(m for _, m in readings))


def one_more(setup: Setup) -> Setup:
    """The loader is run through once more."""
    return replace(setup, orders=(*setup.orders, setup.order)) if isinstance(setup, LoaderSetup) else setup


BROADCAST = (
    Slip("broadcast-to-matrix", stages(broadcast="flat"), pairs=True),
    Slip("broadcast-to-matrix", stages(broadcast="column")),
)
LOSSES = (
    *model.LOSS[:4],
    *BROADCAST,
    *(slip for slip in model.LOSS[4:] if slip.id != "broadcast-to-matrix"),
)
FOLLOWED = tuple(slip for slip in (*model.LOSS_FOLLOWED, *model.LOSS_RECORDED) if slip.id != "broadcast-to-matrix")
MANUAL = {"bias-uses-new-weight", "bias-uses-weight-gradient", "gradients-swapped", "x-missing-in-gradient"}
GRADIENT = tuple(slip for slip in steps.GRADIENT if slip.id not in MANUAL)
RECORDED = (
    Slip("loss-after-update", stages(read=recording.after_updates), pairs=True),
    *(slip for slip in recording.recording(on_all_data=False) if slip.id == "one-epoch-short"),
    Slip("one-epoch-long", prepared(one_more), pairs=True),
    Slip("mean-of-batch-means", stages(combine=recording.plain_mean), pairs=True),
    Slip("batch-means-over-samples", stages(combine=recording.over_samples)),
    Slip("batch-means-over-samples", scaled(lambda m, _s: 1 / m, gradient=False)),
    Slip("loss-not-averaged", scaled(lambda m, _s: m, gradient=False), pairs=True),
    Slip("loss-not-averaged", stages(combine=recording.plain_sum)),
    Slip("loss-not-averaged", stages(combine=recording.sample_sum)),
    Slip("last-batch-loss", stages(combine=recording.last), pairs=True),
    Slip("running-loss-not-reset", finished(summed), pairs=True),
    Slip("running-loss-not-reset", finished(summed_in_epoch)),
    Slip("one-entry-per-epoch", stages(combine=epoch_mean), pairs=True),
    Slip("one-entry-per-epoch", stages(combine=recording.plain_mean), pairs=True),
    Slip("one-entry-per-epoch", stages(combine=recording.last), pairs=True),
    Slip("history-aliases-last", finished(last_everywhere)),
    Slip("reinitialised-each-epoch", stages(restart=True), pairs=True),
)
BATCHED = (
    Slip("last-partial-batch-dropped", resplit(batching.whole_batches), pairs=True),
    Slip("last-full-batch-dropped", resplit(lambda batches, _size: batches[:-1]), pairs=True),
    *batching.WHOLE,
    *batching.FIRST_ONLY,
)
REVERSED = Slip("batches-reversed", resplit(lambda batches, _size: batches[::-1]), pairs=True)
CONTRACT = (*contract.RATES, *contract.EPOCHS)
LEFT = (contract.LEFT[2], contract.LEFT[3])
RIGHT = Machine(predict=linear, combine=every)


COMMON = (
    *LOSSES,
    *model.DIVISORS,
    Slip("divided-by-nominal-batch-size", scaled(first_batch)),
    Slip("divided-by-nominal-batch-size", scaled(first_batch, record=False)),
    *FOLLOWED,
    *steps.ZEROING,
    *steps.NEVER_MOVE[:1],
    Slip("parameters-never-move", finished(copy_trained)),
    *GRADIENT,
    *steps.STEPPED_TWICE[:1],
    *steps.OPTIMIZER,
    *steps.STALE[:1],
    *steps.RATE,
    *RECORDED,
)


def _case(
    n: int, size: int, epochs: int, *, flat: bool = False, steps: int = 0, earlier: Mapping[str, Value] | None = None
) -> Case:
    data = line(n)
    arguments: dict[str, Value] = {
        "model": {"features": 1, "weight": np.array([[0.25 + 0.5 * flat]]), "bias": np.array([-0.875])},
        "loader": {
            "x": data["x"],
            "y": data["y"].ravel() if flat else data["y"],
            "batch_size": size,
            "order": visits(n, 1)[0].tolist(),
        },
        "lr": 0.0625 if flat else 0.125,
        "epochs": epochs,
    }
    if steps:
        arguments["accumulation_steps"] = steps
    return Case("sample", "", arguments, earlier=earlier)


train_with_optimizer = Subject(
    answer=loop_answer,
    machines=(RIGHT,),
    slips=(*COMMON, *BATCHED, *batching.ONE_STEP, REVERSED, *CONTRACT, *steps.WEIGHT_FACTOR, *LEFT),
    samples=(
        _case(23, 7, 3),
        _case(21, 7, 2, flat=True, earlier=_case(8, 3, 2).arguments),
        _case(5, 8, 2),
    ),
    ties=(
        *GROUPS["train_with_optimizer"],
        SUMMED,
        ("mean-of-batch-means", "one-entry-per-epoch"),
        ("last-batch-loss", "one-entry-per-epoch"),
        ("sum-instead-of-mean", "loss-not-averaged"),
    ),
)


# --- groups of batches --------------------------------------------------------------------------------------


def share(k: int, group: list[int], _count: int, _size: int) -> float:
    """A batch's share of the samples of its group."""
    return group[k] / sum(group)


def weighed(weigh: Callable[[int, list[int], int, int], float]) -> Callable[[Machine], Machine]:
    """Weigh the batches of a group in another way."""
    return stages(weigh=weigh)


def last_of_group(machine: Machine) -> Machine:
    """The gradients are cleared for every batch: what is left is the group's last."""
    return machine if machine.weigh is None else replace(machine, weigh=_last_weighed(machine.weigh))


@cache
def _last_weighed(weigh: Callable[[int, list[int], int, int], float]) -> Callable[[int, list[int], int, int], float]:
    return lambda k, group, count, size: weigh(k, group, count, size) if k == len(group) - 1 else 0.0


def dropped_batches(machine: Machine) -> Machine:
    """What is left over makes no update, and the next epoch starts clean."""
    return replace(machine, leftover=False, clear_epoch=cleared)


EQUAL = stages(weigh=lambda _k, g, _count, _size: 1 / len(g))
NOMINAL_COUNT = stages(weigh=lambda _k, _g, count, _size: 1 / count)

GROUPED = (
    Slip("loss-after-update", stages(read=after_groups), pairs=True),
    Slip("divided-by-nominal-batch-size", weighed(lambda k, g, count, size: g[k] / (size * count))),
    Slip("accumulation-not-divided", weighed(lambda _k, _g, _count, _size: 1.0), pairs=True),
    Slip("accumulation-not-divided", weighed(lambda k, g, _count, _size: float(g[k]))),
    Slip("leftover-micro-batch-dropped", stages(leftover=False), pairs=True),
    Slip("leftover-micro-batch-dropped", dropped_batches, pairs=True),
)
UNEQUAL = (
    Slip("micro-batches-weighted-equally", EQUAL, pairs=True),
    Slip("micro-batches-weighted-equally", NOMINAL_COUNT, pairs=True),
    Slip("cleared-inside-accumulation", last_of_group, pairs=True),
    Slip("cleared-inside-accumulation", lambda m: last_of_group(EQUAL(m))),
    Slip("cleared-inside-accumulation", lambda m: last_of_group(NOMINAL_COUNT(m))),
    Slip("cleared-inside-accumulation", lambda m: last_of_group(replace(m, weigh=lambda *_: 1.0))),
)
EVERY_BATCH = Slip("ignores-an-argument", stages(plan=lambda sizes: [(1.0, True)] * len(sizes), weigh=None))
ONE_GROUP = (
    Slip("one-step-per-epoch", stages(plan=batching.at_the_end(lambda k, m: m[k] / sum(m)), weigh=None)),
    Slip("one-step-per-epoch", stages(plan=batching.at_the_end(lambda _k, m: 1 / len(m)), weigh=None)),
    Slip("one-step-per-epoch", stages(plan=batching.at_the_end(lambda _k, _m: 1.0), weigh=None)),
)

train_with_accumulation = Subject(
    answer=loop_answer,
    machines=(replace(RIGHT, weigh=share),),
    slips=(
        *COMMON,
        *BATCHED,
        *ONE_GROUP,
        REVERSED,
        *GROUPED,
        EVERY_BATCH,
        *CONTRACT,
        *UNEQUAL,
        *steps.WEIGHT_FACTOR,
        *LEFT,
    ),
    samples=(
        _case(23, 7, 3, steps=2),
        _case(23, 4, 3, flat=True, steps=4),
        _case(21, 7, 3, steps=2, earlier=_case(8, 3, 2, steps=2).arguments),
    ),
    ties=(
        *GROUPS["train_with_accumulation"],
        ("mean-of-batch-means", "one-entry-per-epoch"),
        ("last-batch-loss", "one-entry-per-epoch"),
        ("sum-instead-of-mean", "loss-not-averaged"),
        ("average-missing-in-gradient", "accumulation-not-divided", "sum-instead-of-mean"),
    ),
)

SUBJECTS = {
    "train_with_optimizer": train_with_optimizer,
    "train_with_accumulation": train_with_accumulation,
}
