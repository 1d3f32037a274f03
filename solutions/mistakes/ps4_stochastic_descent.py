"""Known mistakes of ps4: stochastic descent, one update per sample, and the largest stable learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes import batching, contract, recording
from solutions.mistakes import forward_and_loss as model
from solutions.mistakes import gradient_and_update as steps
from solutions.mistakes.loops import flat, history, line, visiting_case
from solutions.mistakes.machine import Machine, at_start
from solutions.mistakes.slips import Mistake, Subject
from solutions.mistakes.ties import ALIASES, GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from graders.engine.card import Value
    from solutions.mistakes.machine import Array

_EARLY = visiting_case(23, 3, lr=0.0625)
_LATE = visiting_case(9, 3, lr=0.03125, start=(-1.5, 2.5), earlier=visiting_case(5, 2).arguments)

train_sgd = Subject(
    answer=history,
    machines=(Machine(read=at_start), Machine(read=at_start, closed=True)),
    slips=(
        *model.FORWARD,
        *model.EXCHANGES,
        *model.LOSS,
        *model.LOSS_FOLLOWED,
        *model.LOSS_RECORDED,
        *steps.ZEROING,
        *steps.NEVER_MOVE,
        *steps.GRADIENT,
        *steps.STEPPED_TWICE,
        *steps.OPTIMIZER,
        *steps.STALE,
        *steps.RATE,
        *recording.recording(on_all_data=True),
        *batching.LAST_DROPPED,
        *batching.VISITS,
        *batching.WHOLE,
        *batching.FIRST_ONLY,
        *batching.FIRST_AGAIN,
        *batching.PERMUTATIONS,
        *batching.ONE_STEP,
        *batching.REVERSED,
        *contract.PARAMETERS,
        *contract.RATES,
        *steps.WEIGHT_FACTOR,
        *contract.LEFT,
    ),
    samples=(_EARLY, _LATE),
    ties=(*GROUPS["train_sgd"], ("sum-instead-of-mean", "loss-not-averaged")),
    aliases=ALIASES["train_sgd"],
)


# --- largest_stable_lr --------------------------------------------------------------------------------------


def bound(hessian: Callable[[Array], Array]) -> Callable[[Case], dict[str, Value]]:
    """2 / the greatest eigenvalue of a Hessian."""

    def numbers(case: Case) -> dict[str, Value]:
        with np.errstate(all="ignore"):
            greatest = np.linalg.eigvalsh(hessian(flat(case.arguments["x"])))[-1]
            return {"value": float(np.float64(2.0) / greatest)}

    return numbers


def moments(x: Array) -> Array:
    """[[mean(x²), mean(x)], [mean(x), 1]]."""
    return np.array([[(x * x).mean(), x.mean()], [x.mean(), 1.0]])


def over(x: Array, count: float) -> Array:
    """2/count · [[sum(x²), sum(x)], [sum(x), n]]."""
    return 2.0 * moments(x) * len(x) / count


def squared_mean(x: Array) -> Array:
    """mean(x)² where mean(x²) should be."""
    return 2.0 * np.array([[x.mean() ** 2, x.mean()], [x.mean(), 1.0]])


def weight_only(x: Array) -> Array:
    """The Hessian of a model without bias."""
    return 2.0 * np.array([[(x * x).mean()]])


LARGEST = (
    Mistake("bias-left-out", bound(weight_only)),
    Mistake("sum-instead-of-mean", bound(lambda x: over(x, 1.0))),
    Mistake("half-mse", bound(moments)),
    Mistake("mean-before-square", bound(squared_mean)),
    Mistake("divided-by-n-minus-1", bound(lambda x: over(x, len(x) - 1.0) if len(x) > 1 else 2.0 * moments(x))),
    Mistake("factor-two-missing", bound(moments)),
    Mistake("averaged-twice", bound(lambda x: over(x, float(len(x)) ** 2))),
    Mistake("average-missing-in-gradient", bound(lambda x: over(x, 1.0))),
    Mistake("bias-left-out+half-mse", bound(lambda x: weight_only(x) / 2)),
    Mistake("bias-left-out+factor-two-missing", bound(lambda x: weight_only(x) / 2)),
    Mistake("bias-left-out+sum-instead-of-mean", bound(lambda x: weight_only(x) * len(x))),
    Mistake("bias-left-out+average-missing-in-gradient", bound(lambda x: weight_only(x) * len(x))),
    Mistake("sum-instead-of-mean+half-mse", bound(lambda x: over(x, 2.0))),
    Mistake("factor-two-missing+average-missing-in-gradient", bound(lambda x: over(x, 2.0))),
    Mistake("divided-by-n-minus-1+factor-two-missing", bound(lambda x: over(x, 2.0 * max(len(x) - 1.0, 1.0)))),
    Mistake("factor-two-missing+averaged-twice", bound(lambda x: over(x, 2.0 * float(len(x)) ** 2))),
    Mistake("mean-before-square+factor-two-missing", bound(lambda x: squared_mean(x) / 2)),
    Mistake("bias-left-out+divided-by-n-minus-1", bound(lambda x: weight_only(x) * len(x) / max(len(x) - 1.0, 1.0))),
    Mistake("bias-left-out+averaged-twice", bound(lambda x: weight_only(x) / len(x))),
)
RIGHT = bound(lambda x: 2.0 * moments(x))

largest_stable_lr = Subject(
    answer=lambda _machine, case: RIGHT(case),
    machines=(Machine(),),
    slips=(),
    samples=(
        Case("sample", "", {"x": line(23)["x"]}),
        Case("sample", "", {"x": line(6)["x"]}, earlier={"x": line(23)["x"]}),
    ),
    direct=(
        *LARGEST,
        Mistake(
            "state-left-between-calls",
            lambda case: RIGHT(case if case.earlier is None else Case("", "", case.earlier)),
        ),
    ),
    ties=GROUPS["largest_stable_lr"],
)

SUBJECTS = {"train_sgd": train_sgd, "largest_stable_lr": largest_stable_lr}
