"""Known mistakes of ps1: the line with noise, the forward pass, the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graders.engine.card import Case
from solutions.mistakes.forward_and_loss import FORWARD, LOSS, TOGETHER, matrix_slope, matrix_value
from solutions.mistakes.loops import flat, line
from solutions.mistakes.machine import Machine
from solutions.mistakes.slips import Mistake, Slip, Subject, scaled, stages
from solutions.mistakes.ties import GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from graders.engine.card import Value

    Answer = dict[str, Value]
    Shape = tuple[int, ...]


# --- make_line ----------------------------------------------------------------------------------------------


def _line(make: Callable[[Mapping[str, Value]], Value]) -> Callable[[Case], Answer]:
    return lambda case: {"value": np.asarray(make(case.arguments), dtype=np.float64)}


def _before(case: Case) -> Mapping[str, Value]:
    return case.arguments if case.earlier is None else case.earlier


def right_line(a: Mapping[str, Value]) -> Value:
    """slope·x + intercept + noise."""
    return a["slope"] * a["x"] + a["intercept"] + a["noise"]


MAKE_LINE = tuple(
    Mistake(name, _line(make))
    for name, make in (
        ("swapped-weight-and-bias", lambda a: a["intercept"] * a["x"] + a["slope"] + a["noise"]),
        ("bias-left-out", lambda a: a["slope"] * a["x"] + a["noise"]),
        ("bias-subtracted", lambda a: a["slope"] * a["x"] - a["intercept"] + a["noise"]),
        ("ignores-an-argument", lambda a: a["slope"] * a["x"] + a["intercept"]),
        ("ignores-an-argument", lambda a: a["x"] + a["intercept"] + a["noise"]),
        ("ignores-an-argument", lambda a: -5 * a["x"] + a["intercept"] + a["noise"]),
        ("ignores-an-argument", lambda a: -5 * a["x"] + a["noise"]),
        ("ignores-an-argument", lambda a: a["slope"] + a["intercept"] + a["noise"]),
        ("ignores-an-argument", lambda a: a["slope"] * a["x"] + 1 + a["noise"]),
        ("bias-left-out+ignores-an-argument", lambda a: a["slope"] * a["x"]),
        ("swapped-weight-and-bias+ignores-an-argument", lambda a: a["intercept"] * a["x"] + a["slope"]),
        ("bias-subtracted+ignores-an-argument", lambda a: a["slope"] * a["x"] - a["intercept"]),
        ("swapped-weight-and-bias+bias-subtracted", lambda a: a["intercept"] * a["x"] - a["slope"] + a["noise"]),
    )
)
LINE_AGAIN = Mistake("state-left-between-calls", lambda case: {"value": right_line(_before(case))})

_N = 7
_NOISE = (((5 * np.arange(_N)) % 7) - 2).reshape(-1, 1) / 16
_LINE = Case("sample", "", {"x": line(_N)["x"], "slope": 1.75, "intercept": -0.625, "noise": _NOISE})
_LINE_TWICE = Case("sample", "", {**_LINE.arguments, "slope": 0.5}, earlier=_LINE.arguments)

make_line = Subject(
    answer=lambda _machine, case: _line(right_line)(case),
    machines=(Machine(),),
    slips=(),
    samples=(_LINE, _LINE_TWICE),
    direct=(*MAKE_LINE, LINE_AGAIN),
)


# --- forward ------------------------------------------------------------------------------------------------


def forward_answer(machine: Machine, case: Case) -> Answer:
    """Return the predictions and what flows back through them."""
    arguments = _before(case) if machine.carry else case.arguments
    x, weights = flat(arguments["x"]), flat(case.options["weights"])
    w, b = float(arguments["w"]), float(arguments["b"])
    value = machine.predict(x, w, b)
    if len(weights) != len(x):  # the probe weighs by one where the shapes differ
        weights = np.ones_like(x)
    dw, db = machine.pull(weights, x)
    for tweak in machine.tweaks:
        dw, db = tweak(dw, db, len(x), None)  # type: ignore[arg-type]
    return {"value": value.reshape(-1, 1), "grad_w": float(dw), "grad_b": float(db)}


CONSTANTS = tuple(
    Slip("ignores-an-argument", stages(predict=predict, pull=pull))
    for predict, pull in (
        (lambda x, _w, b: x + b, lambda slope, _x: (0.0, slope.sum())),
        (lambda x, _w, b: -10.0 * x + b, lambda slope, _x: (0.0, slope.sum())),
        (lambda x, w, _b: w * x - 20.0, lambda slope, x: (slope @ x, 0.0)),
        (lambda x, w, _b: w * x + 1.0, lambda slope, x: (slope @ x, 0.0)),
        (lambda x, w, b: 0.0 * x + w + b, lambda slope, _x: (slope.sum(), slope.sum())),
    )
)
_FORWARD = {
    "x": line(_N)["x"],
    "w": np.array(0.25),
    "b": np.array(-0.875),
}
_WEIGHTS = (np.arange(_N) * 3 % 5 / 4 - 0.125).reshape(-1, 1)

forward = Subject(
    answer=forward_answer,
    machines=(Machine(),),
    slips=(
        *FORWARD[:-1],
        *TOGETHER,
        Slip("weight-detached", FORWARD[-1].change, pairs=True),
        *CONSTANTS,
        Slip("state-left-between-calls", stages(carry="answer")),
    ),
    samples=(
        Case("sample", "", _FORWARD, options={"weights": _WEIGHTS}),
        Case("sample", "", {**_FORWARD, "w": np.array(2.0)}, options={"weights": _WEIGHTS}, earlier=_FORWARD),
    ),
)


# --- mse ----------------------------------------------------------------------------------------------------


def mse_answer(machine: Machine, case: Case) -> Answer:
    """Return the loss and its derivative; unequal shapes raise."""
    if case.options.get("unequal"):
        return {"raised": "ValueError"}
    p, y = flat(case.arguments["y_pred"]), flat(case.arguments["y"])
    with np.errstate(all="ignore"):
        value, slope = machine.value(p, y), machine.slope(p, y)
        for reading in machine.readings:
            value, slope = reading(value, len(p), None), reading(slope, len(p), None)  # type: ignore[arg-type]
    shape = np.shape(case.arguments["y_pred"])
    return {"value": np.float64(value), "grad": np.asarray(slope, dtype=np.float64).reshape(shape)}


def _matrix_where(wrong: Callable[[tuple[int, ...]], bool]) -> Callable[[Case], Answer]:
    """The matrix appears for some shapes only: the others are flattened, or stood up, on both sides."""
    matrix = Machine(value=matrix_value, slope=matrix_slope)
    return lambda case: mse_answer(matrix if wrong(np.shape(case.arguments["y"])) else Machine(), case)


def _accepting(
    machine: Machine, equal: Callable[[Shape, Shape], bool] = lambda _p, _y: True
) -> Callable[[Case], Answer]:
    """Unequal shapes are not refused where they count as equal."""

    def answer(case: Case) -> Answer:
        shapes = np.shape(case.arguments["y_pred"]), np.shape(case.arguments["y"])
        if case.options.get("unequal"):
            return {"raised": _accepted(*shapes) if equal(*shapes) else "ValueError"}
        return mse_answer(machine, case)

    return answer


def _accepted(y_pred: tuple[int, ...], y: tuple[int, ...]) -> str:
    """Return what unequal shapes raise where nothing refuses them: torch itself, or nothing where they broadcast."""
    try:
        np.broadcast_shapes(y_pred, y)
    except ValueError:
        return "RuntimeError"
    return "nothing"


def _and_broadcast(slip: Slip) -> Mistake:
    """The loss is another one, and unequal shapes are not refused either."""
    before = slip.id in {"sum-instead-of-mean", "half-mse", "absolute-error", "root-mean-square", "mean-before-square"}
    ids = [slip.id, "broadcast-to-matrix"] if before else ["broadcast-to-matrix", slip.id]
    return Mistake("+".join(ids), _accepting(slip.change(Machine())))


def _squares(case: Case) -> Answer:
    """Return the squared errors, not averaged, and the gradient of their sum."""
    if case.options.get("unequal"):
        return {"raised": "ValueError"}
    error = case.arguments["y_pred"] - case.arguments["y"]
    return {"value": error**2, "grad": 2.0 * error}


COUNT_AS_EQUAL: tuple[Callable[[Shape, Shape], bool], ...] = (
    lambda _p, _y: True,
    lambda p, y: p[0] == y[0],
    lambda p, y: p[-1] == y[-1],
    lambda p, y: len(p) == len(y),
    lambda p, y: np.prod(p) == np.prod(y),
)
BROADCASTS = (
    Mistake("broadcast-to-matrix", _matrix_where(lambda shape: len(shape) == 2)),
    Mistake("broadcast-to-matrix", _matrix_where(lambda shape: len(shape) == 1)),
    *(Mistake("broadcast-to-matrix", _accepting(Machine(), equal)) for equal in COUNT_AS_EQUAL),
    Mistake("loss-not-scalar", _squares),
)


def _of_prediction(p: Value, y: Value) -> Value:
    del y
    return p @ p / len(p)


_IGNORED = Slip("ignores-an-argument", stages(value=_of_prediction, slope=lambda p, _y: 2.0 * p / len(p)))
_LAST = Slip("averaged-twice", scaled(lambda m, _s: 1 / m), pairs=True)
_X = line(_N)
_MSE = {"y_pred": 0.25 * _X["x"] - 0.875, "y": _X["y"]}

mse = Subject(
    answer=mse_answer,
    machines=(Machine(),),
    slips=(*LOSS, *TOGETHER, _LAST, _IGNORED),
    samples=(
        Case("sample", "", _MSE),
        Case("sample", "", {name: value.ravel() for name, value in _MSE.items()}),
        *(
            Case("sample", "", {"y_pred": p, "y": y}, options={"unequal": True})
            for p, y in (
                (_MSE["y_pred"], _MSE["y"].ravel()),
                (_MSE["y_pred"], _MSE["y"][:1]),
                (_MSE["y_pred"].ravel(), _MSE["y"]),
                (_MSE["y_pred"].reshape(1, -1), _MSE["y"]),
                (_MSE["y_pred"], _MSE["y"][1:]),
            )
        ),
    ),
    direct=(*BROADCASTS, *(_and_broadcast(slip) for slip in (*LOSS, _LAST) if slip.id != "broadcast-to-matrix")),
    ties=GROUPS["mse"],
)


SUBJECTS = {"make_line": make_line, "forward": forward, "mse": mse}
