"""Known mistakes of ps2: the gradient of the loss, and one update by hand."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes import contract
from solutions.mistakes import forward_and_loss as model
from solutions.mistakes import gradient_and_update as steps
from solutions.mistakes.loops import flat, line
from solutions.mistakes.machine import Machine, Setup
from solutions.mistakes.slips import Mistake, Slip, Subject, stages, tweaked
from solutions.mistakes.ties import GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graders.engine.card import Value

    Answer = dict[str, Value]
    Numbers = tuple[float, float]
    Step = Callable[[float, float, float, float, float], Numbers]

FILLED = (3.5, -2.25)  # what stands in the caller's .grad where a case fills it


# --- the two gradients --------------------------------------------------------------------------------------


def gradient_setup(arguments: Mapping[str, Value]) -> Setup:
    """Return the setup of one gradient: all data as one batch."""
    x, y = flat(arguments["x"]), flat(arguments["y"])
    size = int(arguments.get("micro_batch_size", len(y)))
    return Setup(x, y, float(arguments["w"]), float(arguments["b"]), size=size)


def gradient_of(machine: Machine, arguments: Mapping[str, Value]) -> Numbers:
    """Return (dL/dw, dL/db)."""
    setup = gradient_setup(arguments)
    with np.errstate(all="ignore"):
        for prepare in machine.prepare:
            setup = prepare(setup)
        dw, db = machine.gradient(setup.x, setup.y, setup.w, setup.b, setup)
    return float(dw), float(db)


def gradient_answer(
    machine: Machine, case: Case, gradient: Callable[[Machine, Mapping[str, Value]], Numbers]
) -> Answer:
    """Return the pair, and that the caller's tensors are as they were."""
    dw, db = gradient(machine, case.arguments)
    if machine.carry and case.earlier is not None:
        old = gradient(machine, case.earlier)
        dw, db = old if machine.carry == "answer" else (dw + old[0], db + old[1])
    return answered(case, dw, db)


def answered(case: Case, dw: float, db: float, state: str = "as it was") -> Answer:
    """Return the named numbers; ``state`` where the case asks for it."""
    asked = "requires_grad" in case.options or "filled" in case.options
    return {"dw": dw, "db": db} | ({"state": state} if asked else {})


def on_the_callers(
    exercise: str, gradient: Callable[[Machine, Mapping[str, Value]], Numbers]
) -> Callable[[Case], Answer]:
    """Backward runs on the caller's own leaves: it adds to what stands in their .grad."""

    def numbers(case: Case) -> Answer:
        dw, db = gradient(Machine(), case.arguments)
        if case.options.get("filled"):
            dw, db = dw + FILLED[0], db + FILLED[1]
            said = [
                f"changes {name}.grad from {old:g} to {new:.6g}"
                for name, old, new in zip("wb", FILLED, (dw, db), strict=True)
            ]
        elif case.options.get("requires_grad") is False:
            said = [f"leaves {name} with requires_grad" for name in "wb"]
        else:
            said = [f"leaves a gradient in {name}.grad" for name in "wb"]
        return answered(case, dw, db, f"{exercise} {' and '.join(said)}.")

    return numbers


def added(gradient: Callable[[Machine, Mapping[str, Value]], Numbers]) -> Callable[[Case], Answer]:
    """What stood in .grad is added, the caller's tensors are put right again."""

    def numbers(case: Case) -> Answer:
        dw, db = gradient(Machine(), case.arguments)
        more = FILLED if case.options.get("filled") else (0.0, 0.0)
        return answered(case, dw + more[0], db + more[1])

    return numbers


NOTHING = Slip("parameters-never-move", tweaked(lambda _dw, _db, _m, _s: (0.0, 0.0)))
LEFT = (
    Slip("state-left-between-calls", stages(carry="answer")),
    Slip("state-left-between-calls", stages(carry="added")),
)
GRADIENT_SLIPS = (
    *model.FORWARD,
    model.EXCHANGES[1],
    *model.LOSS,
    *model.TOGETHER,
    *model.LOSS_FOLLOWED,
    NOTHING,
    *steps.GRADIENT,
    *contract.PARAMETERS,
    *steps.WEIGHT_FACTOR,
    *LEFT,
)
_LINE = line(7)
_ARGUMENTS = {"x": _LINE["x"], "y": _LINE["y"], "w": _LINE["w0"], "b": _LINE["b0"]}
_OTHER = {**_ARGUMENTS, "w": np.array(-1.5), "b": np.array(0.5)}
_USED = {"requires_grad": True, "filled": True}
GRADIENT_SAMPLES = (
    Case("sample", "", _ARGUMENTS),
    Case("sample", "", _OTHER, earlier=_ARGUMENTS),
)
STYLES = (Machine(), Machine(closed=True))


def _answer(machine: Machine, case: Case) -> Answer:
    return gradient_answer(machine, case, gradient_of)


mse_gradients = Subject(
    answer=_answer,
    machines=STYLES[::-1],
    slips=GRADIENT_SLIPS,
    samples=GRADIENT_SAMPLES,
    ties=GROUPS["mse_gradients"],
)
autograd_gradients = Subject(
    answer=_answer,
    machines=STYLES,
    slips=GRADIENT_SLIPS,
    samples=(*GRADIENT_SAMPLES, Case("sample", "", _ARGUMENTS, options=_USED)),
    direct=(
        Mistake("gradients-not-zeroed", on_the_callers("autograd_gradients", gradient_of)),
        Mistake("gradients-not-zeroed", added(gradient_of)),
    ),
    ties=GROUPS["autograd_gradients"],
)


# --- one update ---------------------------------------------------------------------------------------------


def uphill(step: Step) -> Step:
    """Make the step against the gradient's sign."""
    return lambda w, b, dw, db, lr: step(w, b, -dw, -db, lr)


LIMITS = (0.01, 0.1, 0.25, 0.5, 1.0, 2.0)

STEPS: tuple[tuple[str, Callable[[float, float, float, float, float], Numbers]], ...] = (
    ("", lambda w, b, dw, db, lr: (w - lr * dw, b - lr * db)),
    ("swapped-weight-and-bias", lambda w, b, dw, db, lr: (b - lr * db, w - lr * dw)),
    ("parameters-never-move", lambda w, b, _dw, _db, _lr: (w, b)),
    ("ascent", lambda w, b, dw, db, lr: (w + lr * dw, b + lr * db)),
    ("factor-two-missing", lambda w, b, dw, db, lr: (w - lr * dw / 2, b - lr * db / 2)),
    ("bias-factor-two-missing", lambda w, b, dw, db, lr: (w - lr * dw, b - lr * db / 2)),
    ("bias-not-updated", lambda w, b, dw, _db, lr: (w - lr * dw, b)),
    ("weight-not-updated", lambda w, b, _dw, db, lr: (w, b - lr * db)),
    ("bias-uses-weight-gradient", lambda w, b, dw, _db, lr: (w - lr * dw, b - lr * dw)),
    ("gradients-swapped", lambda w, b, dw, db, lr: (w - lr * db, b - lr * dw)),
    ("stepped-twice", lambda w, b, dw, db, lr: (w - 2 * lr * dw, b - 2 * lr * db)),
    *(
        ("weight-decay-left-on", lambda w, b, dw, db, lr, k=k: (w - lr * (dw + k * w), b - lr * (db + k * b)))
        for k in (1e-4, 5e-4, 1e-3, 1e-2, 0.05, 0.1, 0.5)
    ),
    *(("gradient-clipped", lambda w, b, dw, db, lr, c=c: clipped(w, b, dw, db, lr, c)) for c in LIMITS),
    *(("gradient-clipped", lambda w, b, dw, db, lr, c=c: shortened(w, b, dw, db, lr, c)) for c in LIMITS),
    ("adam-instead-of-sgd", lambda w, b, dw, db, lr: (w - lr * dw / (abs(dw) + 1e-8), b - lr * db / (abs(db) + 1e-8))),
    *(
        ("learning-rate-off", lambda w, b, dw, db, lr, k=k: (w - k * lr * dw, b - k * lr * db))
        for k in (0.01, 0.1, 0.25, 4.0, 10.0, 100.0)
    ),
    *(
        ("ignores-an-argument", lambda w, b, dw, db, _lr, k=k: (w - k * dw, b - k * db))
        for k in (1.0, 0.1, 0.01, 0.001, 0.05, 0.5)
    ),
)
UPHILL = tuple(
    (f"ascent+{name}", uphill(step))
    for name, step in STEPS
    if name
    in {
        "factor-two-missing",
        "bias-factor-two-missing",
        "bias-not-updated",
        "weight-not-updated",
        "bias-uses-weight-gradient",
        "gradients-swapped",
        "stepped-twice",
    }
)
CLEARED: tuple[tuple[str, Callable[[float, float], Numbers]], ...] = (
    ("", lambda _dw, _db: (0.0, 0.0)),
    ("gradients-not-zeroed", lambda dw, db: (dw, db)),
    ("only-weight-gradient-zeroed", lambda _dw, db: (0.0, db)),
    ("only-bias-gradient-zeroed", lambda dw, _db: (dw, 0.0)),
)


def clipped(w: float, b: float, dw: float, db: float, lr: float, limit: float) -> Numbers:
    """Step along the gradient with each part cut to ±limit."""
    return w - lr * min(max(dw, -limit), limit), b - lr * min(max(db, -limit), limit)


def shortened(w: float, b: float, dw: float, db: float, lr: float, limit: float) -> Numbers:
    """Step along the gradient shortened to length ``limit``."""
    share = min(1.0, limit / ((dw * dw + db * db) ** 0.5 + 1e-6))
    return w - lr * share * dw, b - lr * share * db


def updated(
    step: Callable[[float, float, float, float, float], Numbers], clear: Callable[[float, float], Numbers]
) -> Callable[[Case], Answer]:
    """Return what one update leaves behind."""

    def numbers(case: Case) -> Answer:
        w, b, lr = (float(case.arguments[name]) for name in ("w", "b", "lr"))
        dw, db = float(case.options["dw"]), float(case.options["db"])
        (new_w, new_b), (left_w, left_b) = step(w, b, dw, db, lr), clear(dw, db)
        form = {"same_objects": True, "requires_grad": True, "returned": "None"}
        return {"w": new_w, "b": new_b, "grad_w": left_w, "grad_b": left_b, **form}

    return numbers


def _update_mistakes(*, pairs: bool) -> tuple[Mistake, ...]:
    found = []
    for (one, step), (two, clear) in product(STEPS, CLEARED):
        if bool(one and two) == pairs and (one or two):
            ids = [two, one] if one != "swapped-weight-and-bias" else [one, two]
            found.append(Mistake("+".join(part for part in ids if part), updated(step, clear)))
    return tuple(found)


UPDATE = (
    *_update_mistakes(pairs=False),
    *(Mistake(both, updated(step, CLEARED[0][1])) for both, step in UPHILL),
)
# A step that is lost leaves the gradients too: "w = w - …" makes a new tensor, and that one is cleared.
LOST_STEP = (Mistake("parameters-never-move", updated(STEPS[2][1], CLEARED[1][1])),)


def _update_case(w: float, b: float, lr: float, dw: float, db: float) -> Case:
    arguments = {"w": np.array(w), "b": np.array(b), "lr": lr}
    return Case("sample", "", arguments, options={"dw": dw, "db": db})


update = Subject(
    answer=lambda _machine, case: updated(STEPS[0][1], CLEARED[0][1])(case),
    machines=(Machine(),),
    slips=(),
    samples=(_update_case(0.25, -0.875, 0.125, -3.0, 1.25), _update_case(-1.5, 2.0, 0.03125, 0.75, 5.0)),
    direct=(*UPDATE, *LOST_STEP, *_update_mistakes(pairs=True)),
)

SUBJECTS = {"mse_gradients": mse_gradients, "autograd_gradients": autograd_gradients, "update": update}
