"""Which known mistake reproduces these numbers.

A mistake is named only when its own trajectory is the student's, on all cases, within the tolerance; mistakes that no
data can separate are named together; where no single one fits, a pair is looked for; otherwise: silence.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from graders.engine.compare import reproduces
from graders.engine.screen import shortlist

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Quantity, Value
    from graders.engine.key import Key, MistakeKey
    from graders.engine.observation import Observation


def diagnose(
    key: Key,
    quantities: Sequence[Quantity],
    observations: Sequence[Observation],
    tau: float,
    *,
    whole: bool = True,
    apart: float = 0.0,
) -> tuple[str, ...]:
    """Return the ids whose answers are the observed ones on every case: best first, ties together, or nothing.

    ``observations`` are the float64 answers in the order of the key's cases. Singles go before pairs. Where the
    answers are not ``whole``, only the ``quantities`` given were read, and no pair is looked for. Mistakes that come
    nearer to the reference than ``apart`` on every case are left out.
    """
    telling = [not case.case.trivial for case in key.cases]
    for kind in ("mistakes", "pairs") if whole else ("mistakes",):
        found: dict[str, float] = {}
        for mistake in _candidates(key, kind, observations[0], tau) if whole else key.mistakes:
            deviation = _fits(mistake, quantities, observations, tau, telling)
            if deviation is not None and (not apart or _is_apart(mistake, key, quantities, apart)):
                found[mistake.id] = min(deviation, found.get(mistake.id, deviation))
        if found:
            return _with_ties(tuple(found), key.ties)
    return ()


def _candidates(key: Key, kind: str, first: Observation, tau: float) -> Sequence[MistakeKey]:
    if first.outcome != "returned":
        return key.mistakes if kind == "mistakes" else ()
    return shortlist(key, kind, first.values, tau)


def _with_ties(ids: tuple[str, ...], ties: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the ids with all that no data can tell from them, the telling ones first; in pairs part by part."""
    named: list[str] = []
    for one in ids:
        parts = [_tied(part, ties.get(part, ())) for part in one.split("+")]
        named += ["+".join(chosen) for chosen in product(*parts) if len(set(chosen)) == len(chosen)]
    return tuple(dict.fromkeys(named))


def _tied(one: str, group: tuple[str, ...]) -> tuple[str, ...]:
    return group if one in group else (one, *group)


def _fits(
    mistake: MistakeKey,
    quantities: Sequence[Quantity],
    observations: Sequence[Observation],
    tau: float,
    telling: Sequence[bool],
) -> float | None:
    """Return how far the answers are from the mistake's, or None; only a case that is not trivial tells something."""
    worst, compared = 0.0, 0
    for answer, observation, tells in zip(mistake.answers, observations, telling, strict=True):
        if answer is None or (not tells and not _finite(answer)):  # n - 1 where n is 1: a guard may stand there
            continue
        if observation.outcome == "raised" and _nothing(answer) and _without_gradient(observation):
            continue
        if observation.outcome == "raised" and not tells:
            continue  # a case on the edge, which the program does not survive, neither confirms a name nor forbids it
        if observation.outcome != "returned":
            if _finite(answer) or not _overflowed(observation):
                return None
            compared += tells
            continue
        deviation = reproduces(quantities, answer, observation.values, tau)
        if deviation is None:
            return None
        worst, compared = max(worst, deviation), compared + tells
    return worst if compared else None


def _is_apart(mistake: MistakeKey, key: Key, quantities: Sequence[Quantity], apart: float) -> bool:
    return any(
        answer is not None and reproduces(quantities, case.expected, answer, apart) is None
        for case, answer in zip(key.cases, mistake.answers, strict=True)
        if not case.case.trivial
    )


def _overflowed(observation: Observation) -> bool:
    """Whether Python's own numbers ran out: torch goes on with inf there, where a float raises."""
    return observation.error is not None and observation.error.type in {"OverflowError", "ZeroDivisionError"}


def _nothing(answer: Mapping[str, Value]) -> bool:
    """Whether a gradient is asked for and the mistake leaves none: no backward pass is made."""
    return {"dw", "db"} <= answer.keys() and not np.any(answer["dw"]) and not np.any(answer["db"])


def _without_gradient(observation: Observation) -> bool:
    """Whether the program stops because there is no gradient to read."""
    error = observation.error
    if error is None or error.type not in {"AttributeError", "TypeError"} or not error.frames:
        return False
    return "NoneType" in error.message and "grad" in error.frames[-1].source


def _finite(answer: Mapping[str, Value]) -> bool:
    return all(np.isfinite(value).all() for value in answer.values() if isinstance(value, np.ndarray | float))
