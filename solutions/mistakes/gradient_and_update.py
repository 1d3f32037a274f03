"""Slips in the gradient and in the update, in the course's order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from solutions.mistakes.forward_and_loss import WEIGHT_STANDS
from solutions.mistakes.machine import cleared, dot, kept
from solutions.mistakes.recording import at_zero, fresh, midway, thinned, unmoved
from solutions.mistakes.slips import Slip, both, filtered, finished, prepared, resplit, scaled, stages, tweaked

if TYPE_CHECKING:
    from collections.abc import Callable

    from solutions.mistakes.machine import Number, Pair, Setup
    from solutions.mistakes.slips import Change

    Filter = Callable[[Number, Number, Number, Number], Pair]


# --- what an optimizer with other settings makes of a gradient ----------------------------------------------


def times(factor: float) -> Change:
    """Every update is ``factor`` times what it should be."""
    return filtered(lambda _setup: lambda _w, _b, gw, gb: (factor * gw, factor * gb))


def standing(_setup: Setup) -> Filter:
    """Nothing is left of the gradient when the step is made."""
    return lambda _w, _b, _gw, _gb: (0.0, 0.0)


def momentum(keep: float, *, nesterov: bool = False, dampening: float = 0.0) -> Change:
    """V ← keep·v + g, the step follows v."""

    def make(_setup: Setup) -> Filter:
        speed: list[Pair] = []

        def change(_w: Number, _b: Number, gw: Number, gb: Number) -> Pair:
            if speed:
                vw, vb = speed.pop()
                vw, vb = keep * vw + (1 - dampening) * gw, keep * vb + (1 - dampening) * gb
            else:
                vw, vb = gw, gb
            speed.append((vw, vb))
            return (gw + keep * vw, gb + keep * vb) if nesterov else (vw, vb)

        return change

    return filtered(make)


def average(keep: float) -> Change:
    """V ← keep·v + (1 − keep)·g from v = 0, the step follows v."""

    def make(_setup: Setup) -> Filter:
        speed: list[Number] = [0.0, 0.0]

        def change(_w: Number, _b: Number, gw: Number, gb: Number) -> Pair:
            speed[:] = keep * speed[0] + (1 - keep) * gw, keep * speed[1] + (1 - keep) * gb
            return speed[0], speed[1]

        return change

    return filtered(make)


def decay(rate: float, *, bias: bool = True) -> Change:
    """Add rate·w to the gradient: g ← g + rate·w."""
    return filtered(lambda _setup: lambda w, b, gw, gb: (gw + rate * w, gb + rate * b if bias else gb))


def adam(lr: float | None = None, *, shrink: float = 0.0, first: float = 0.9, second: float = 0.999) -> Change:
    """Adam with PyTorch's defaults (AdamW where ``shrink`` is not 0)."""

    def make(setup: Setup) -> Filter:
        share = 1.0 if lr is None or not setup.lr else lr / setup.lr
        state: list[Number] = [0.0, 0.0, 0.0, 0.0, 0]

        def change(w: Number, b: Number, gw: Number, gb: Number) -> Pair:
            mw, mb, vw, vb, t = state
            mw, mb = first * mw + (1 - first) * gw, first * mb + (1 - first) * gb
            vw, vb = second * vw + (1 - second) * gw * gw, second * vb + (1 - second) * gb * gb
            t += 1
            state[:] = mw, mb, vw, vb, t
            one, two = 1 - first**t, 1 - second**t
            dw = mw / one / (np.sqrt(vw / two) + 1e-8)
            db = mb / one / (np.sqrt(vb / two) + 1e-8)
            return share * (dw + shrink * w), share * (db + shrink * b)

        return change

    return filtered(make)


def norm_clipped(limit: float, guard: float = 1e-6) -> Change:
    """The gradient is shortened to length ``limit``, both parts together."""

    def change(_w: Number, _b: Number, gw: Number, gb: Number) -> Pair:
        length = float(np.sqrt(dot(gw, gw) + dot(gb, gb)))
        share = limit / (length + guard) if length + guard else 1.0
        return (share * gw, share * gb) if share < 1 else (gw, gb)

    return filtered(lambda _setup: change)


def value_clipped(limit: float) -> Change:
    """Each part of the gradient is cut to ±limit."""

    def cut(g: Number) -> Number:
        return min(max(g, -limit), limit) if isinstance(g, float) else np.clip(g, -limit, limit)

    return filtered(lambda _setup: lambda _w, _b, gw, gb: (cut(gw), cut(gb)))


def rate(change: Callable[[Setup], float]) -> Change:
    """The learning rate is another one."""
    return prepared(lambda setup: replace(setup, lr=change(setup)))


# --- zeroing ------------------------------------------------------------------------------------------------

ZEROING = (
    Slip("gradients-not-zeroed", stages(clear=kept), pairs=True),
    Slip("zeroed-once-per-epoch", stages(clear=kept, clear_epoch=cleared), pairs=True),
    Slip("only-weight-gradient-zeroed", stages(clear=lambda _gw, gb: (0.0, gb)), pairs=True),
    Slip("only-bias-gradient-zeroed", stages(clear=lambda gw, _gb: (gw, 0.0)), pairs=True),
)

# --- the gradient of one batch ------------------------------------------------------------------------------

GRADIENT = (
    Slip("ascent", tweaked(lambda dw, db, _m, _s: (-dw, -db)), pairs=True),
    Slip("factor-two-missing", tweaked(lambda dw, db, _m, _s: (0.5 * dw, 0.5 * db)), pairs=True),
    Slip("bias-factor-two-missing", tweaked(lambda dw, db, _m, _s: (dw, 0.5 * db)), pairs=True),
    Slip("bias-uses-new-weight", stages(sequential=True), pairs=True),
    Slip("bias-not-updated", tweaked(lambda dw, _db, _m, _s: (dw, 0.0)), pairs=True),
    Slip("weight-not-updated", WEIGHT_STANDS, pairs=True),
    Slip("bias-uses-weight-gradient", tweaked(lambda dw, _db, _m, _s: (dw, dw)), pairs=True),
    Slip("gradients-swapped", tweaked(lambda dw, db, _m, _s: (db, dw)), pairs=True),
    Slip("averaged-twice", scaled(lambda m, _s: 1 / m, record=False), pairs=True),
    Slip("averaged-twice", scaled(lambda m, _s: 1 / m)),
    Slip("averaged-twice", scaled(lambda _m, s: 1 / len(s.y), record=False)),
    Slip("averaged-twice", scaled(lambda _m, s: 1 / len(s.y))),
    Slip("average-missing-in-gradient", scaled(lambda m, _s: m, record=False), pairs=True),
    Slip("x-missing-in-gradient", tweaked(lambda _dw, db, _m, _s: (db, db)), pairs=True),
)
WEIGHT_FACTOR = (Slip("weight-factor-two-missing", tweaked(lambda dw, db, _m, _s: (0.5 * dw, db)), pairs=True),)

# --- the step -----------------------------------------------------------------------------------------------

twice = resplit(lambda batches, _size: [batch for batch in batches for _ in range(2)])

NEVER_MOVE = (
    Slip("parameters-never-move", filtered(standing), pairs=True),
    Slip("parameters-never-move", both(filtered(standing), finished(unmoved))),
)
STEPPED_TWICE = (
    Slip("stepped-twice", times(2.0), pairs=True),
    Slip("stepped-twice", both(twice, finished(thinned))),
    Slip("stepped-twice", twice),
    Slip("stepped-twice", both(times(2.0), finished(midway))),
)
OPTIMIZER = (
    Slip("momentum-left-on", momentum(0.9), pairs=True),
    *(
        Slip("momentum-left-on", momentum(k))
        for k in (0.1, 0.25, 0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.95, 0.99, 0.999)
    ),
    *(Slip("momentum-left-on", momentum(k, nesterov=True)) for k in (0.5, 0.8, 0.9, 0.95, 0.99)),
    *(Slip("momentum-left-on", momentum(k, dampening=d)) for k, d in ((0.9, 0.1), (0.9, 0.9), (0.5, 0.5))),
    *(Slip("momentum-left-on", average(k)) for k in (0.5, 0.9, 0.99)),
    Slip("weight-decay-left-on", decay(1e-2), pairs=True),
    *(
        Slip("weight-decay-left-on", decay(k))
        for k in (1e-5, 1e-4, 5e-4, 1e-3, 2e-3, 5e-3, 2e-2, 5e-2, 0.1, 0.2, 0.25, 0.5, 1.0)
    ),
    *(Slip("weight-decay-left-on", decay(k, bias=False)) for k in (1e-4, 1e-3, 1e-2, 5e-2, 0.1, 0.5)),
    Slip("adam-instead-of-sgd", adam(), pairs=True),
    Slip("adam-instead-of-sgd", adam(1e-3)),
    Slip("adam-instead-of-sgd", adam(shrink=1e-2)),
    Slip("gradient-clipped", norm_clipped(1.0), pairs=True),
    *(Slip("gradient-clipped", norm_clipped(c)) for c in (0.1, 0.25, 0.5, 2.0, 3.0, 5.0)),
    *(Slip("gradient-clipped", norm_clipped(c, 0.0)) for c in (0.5, 1.0, 2.0, 5.0)),
    Slip("gradient-clipped", value_clipped(1.0)),
    *(Slip("gradient-clipped", value_clipped(c)) for c in (0.1, 0.25, 0.5, 2.0, 3.0, 5.0)),
)
STALE = (
    Slip("stale-graph", stages(stale="once"), pairs=True),
    Slip("stale-graph", stages(stale="once", read=fresh)),
    Slip("stale-graph", stages(stale="once", read=at_zero)),
    Slip("stale-graph", stages(stale="epoch")),
    Slip("stale-graph", stages(stale="epoch", read=fresh)),
)
RATE = (
    Slip("learning-rate-off", rate(lambda s: 0.1 * s.lr), pairs=True),
    Slip("learning-rate-off", rate(lambda s: 10.0 * s.lr)),
    *(
        Slip("learning-rate-off", times(k))
        for k in (0.001, 0.01, 0.05, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99)
    ),
    *(
        Slip("learning-rate-off", times(k))
        for k in (1.01, 1.05, 1.1, 1.2, 1.25, 4 / 3, 1.5, 3.0, 4.0, 5.0, 8.0, 20.0, 100.0, 1000.0)
    ),
    *(Slip("learning-rate-off", times(k)) for k in (-0.5, -2.0)),
    Slip("learning-rate-off", rate(lambda s: s.lr * s.lr)),
    Slip("learning-rate-off", rate(lambda s: s.lr / s.size)),
    Slip("learning-rate-off", rate(lambda s: s.lr * s.size)),
    Slip("learning-rate-off", rate(lambda s: s.lr / max(1, len(s.orders)))),
)
