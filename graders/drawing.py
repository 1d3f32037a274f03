"""Hidden cases are proved, not guessed: what is drawn from a seed is kept only where it can judge.

A draw holds where every known mistake is told from the reference, every two known mistakes that are no tie are told
from each other, correct programs stay within a tenth of the tolerance, and float32 tells what went through half
precision. Otherwise it is drawn again.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.compare import compare, reproduces
from graders.engine.judged import question_of
from graders.engine.rehearsal import FLOAT32_CASES, confirming
from graders.engine.screen import screened
from graders.engine.tolerance import EPSILON, MARGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from graders.engine.card import Case, Exercise, Value
    from graders.engine.key import CaseKey, Key, MistakeKey

DRAWS = 50
APART = 1e-7  # relative; what is nearer than this is not told apart
# A tolerance lies this many times above the estimated spread; ten are due. Rounding in float32 differs twice as much
# from program to program as the estimate says.
ROOM = {"float64": 10.0, "float32": 20.0}
NAMED = 5  # things that an error lists


class NoDrawHoldsError(RuntimeError):
    """The hidden cases of an exercise cannot judge, however often they are drawn; the message says why."""


def draw(slug: str, exercise: Exercise, seed: int, make: Callable[[Sequence[Case]], Key]) -> Key:
    """Return the key of the first draw that holds.

    Parameters
    ----------
    slug, exercise, seed
        What is drawn: the same key for the same three.
    make
        Returns the key of hidden cases.

    Raises
    ------
    NoDrawHoldsError
        None of ``DRAWS`` draws holds; the message names the exercise and the cases or mistakes of the last.
    """
    complaint = ""
    for number in range(DRAWS):
        rng = random.Random(f"{seed}:{slug}:{exercise.name}:{number}")  # noqa: S311  # replayable, not a secret
        key = make(exercise.hidden(rng))
        complaint = next(complaints(slug, exercise, key), "")
        if not complaint:
            return key
    raise NoDrawHoldsError(
        f"{exercise.name}: the hidden cases of {slug} do not hold in {DRAWS} draws from this seed; "
        f"in the last one, {complaint}"
    )


def complaints(slug: str, exercise: Exercise, key: Key) -> Iterator[str]:
    """Yield what speaks against the cases of a key; nothing where the exercise is judged by properties."""
    from solutions.mistakes import subject

    known = subject(slug, exercise.name)
    if known is None or not exercise.quantities:
        return
    for place in range(len(key.cases)):  # case by case: mistakes share what they compute on one
        for mistake in key.mistakes:
            mistake.answers[place]
    hidden = unseen(exercise, key)
    if hidden:
        yield f"{_listed(hidden)} cannot be told from the reference"
    wide = [
        f"{case.case.name} ({dtype}: {spread:.1e} for a tolerance of {tau:g})"
        for case, dtype, spread, tau in spreads(slug, exercise, key)
        if not spread <= tau / ROOM[dtype]
    ]
    if wide:
        yield f"the tolerance is not far enough above the spread of correct programs on {_listed(wide)}"
    confirmed = confirming(key)[1 - FLOAT32_CASES :]  # of public and hidden cases together, these are run in float32
    if half_precision(exercise, key, confirmed) < MARGIN * exercise.tau32:
        yield "float32 does not tell a result that went through half precision"
    alike = confused(exercise, key, known.ties)
    if alike:
        yield f"{_listed(f'{one} and {other}' for one, other in alike)} cannot be told from each other"


def _listed(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    rest = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(found[:NAMED]) + rest


# --- mistakes -----------------------------------------------------------------------------------------------------


def unseen(exercise: Exercise, key: Key) -> list[str]:
    """Return the ids of known mistakes that this key's cases do not tell from the reference."""
    return [
        mistake.id
        for mistake in key.mistakes
        if not _told(exercise, [case.expected for case in key.cases], mistake.answers)
    ]


def confused(exercise: Exercise, key: Key, ties: Iterable[Iterable[str]]) -> list[tuple[str, str]]:
    """Return the ids of every two known mistakes that are no tie and that no case of this key tells apart."""
    tied = [set(group) for group in ties]
    found = []
    for one, other in _near(key.mistakes):
        together = {one.id, other.id}
        if len(together) == 1 or any(together <= group for group in tied):
            continue
        if not _told(exercise, one.answers, other.answers):
            found.append((one.id, other.id))
    return found


def _near(mistakes: Sequence[MistakeKey]) -> Iterator[tuple[MistakeKey, MistakeKey]]:
    """Yield every two mistakes whose answers on the first case may be the same."""
    for screen in screened(mistakes).values():
        finite = np.isfinite(screen.rows)
        for k, row in enumerate(screen.rows):
            with np.errstate(invalid="ignore", over="ignore"):
                off = np.abs(screen.rows[k + 1 :] - row) > APART * screen.sizes[k + 1 :, None]
            off &= finite[k + 1 :] & finite[k]
            for place in np.flatnonzero(~off.any(axis=1)):
                yield mistakes[screen.places[k]], mistakes[screen.places[k + 1 + place]]


def _told(
    exercise: Exercise,
    known: Iterable[Mapping[str, Value] | None],
    answers: Iterable[Mapping[str, Value] | None],
) -> bool:
    return any(
        expected is not None and answer is not None and reproduces(exercise.quantities, expected, answer, APART) is None
        for expected, answer in zip(known, answers, strict=True)
    )


# --- correct programs ---------------------------------------------------------------------------------------------


def spreads(slug: str, exercise: Exercise, key: Key) -> Iterator[tuple[CaseKey, str, float, float]]:
    """Yield (case, dtype, spread, tolerance): about how far correct programs are from the reference.

    Every case in float64; in float32 those that confirm. The spread is the largest of one rounding, what the right
    machines of the catalogue are off (they sum in another order), what the reference itself is off in float32, and
    what a right machine is off on inputs moved by a unit in the last place.
    """
    from graders.keys import asked
    from solutions.mistakes import subject

    known = subject(slug, exercise.name)
    if known is None:
        return

    narrow = confirming(key)
    for place, case in enumerate(key.cases):
        right = [known.answer(machine, case.case) for machine in known.machines]
        near = known.answer(known.machines[0], moved(case.case, np.float64, place))
        wide = [EPSILON["float64"], *(off(exercise, case, answer) for answer in (*right, near))]
        yield case, "float64", max(wide), exercise.tau
        if place in narrow:
            single = asked(slug, question_of(exercise, case, "float32", "cpu"))
            near = known.answer(known.machines[0], moved(case.case, np.float32, place))
            wide = [EPSILON["float32"], *(off(exercise, case, answer) for answer in (single, near))]
            yield case, "float32", max(wide), exercise.tau32


def off(exercise: Exercise, case: CaseKey, answer: Mapping[str, Value]) -> float:
    """Return how far an answer is from the expected one, at most, relative as it is judged."""
    found = compare(exercise.quantities, case.expected, answer, exercise.tau)
    return max((one.deviation for one in found if one.deviation is not None), default=0.0)


def half_precision(exercise: Exercise, key: Key, places: Iterable[int]) -> float:
    """Return how far the expected results of some cases are off, at most, when rounded once to half precision.

    On the cases that are run in float32: the least that is lost on the way and that float32 alone can show.
    """
    cases = [key.cases[place] for place in places]
    rounded = [{name: _rounded(value) for name, value in case.expected.items()} for case in cases]
    return max((off(exercise, case, answer) for case, answer in zip(cases, rounded, strict=True)), default=0.0)


def _rounded(value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, np.ndarray | float):
        return value
    with np.errstate(over="ignore"):
        return np.asarray(value, dtype=np.float16).astype(np.float64)


def moved(case: Case, dtype: type[np.floating[Any]], seed: int) -> Case:
    """Return a case whose arrays are each moved by one unit in the last place of a dtype, up or down."""
    rng = np.random.default_rng(seed)

    def shift(value: Value) -> Value:
        if isinstance(value, dict):
            return {name: shift(item) for name, item in value.items()}
        if not isinstance(value, np.ndarray) or value.dtype != np.float64:
            return value
        start = value.astype(dtype)
        ahead, back = np.nextafter(start, dtype(np.inf)), np.nextafter(start, dtype(-np.inf))
        return np.where(rng.random(value.shape) < 0.5, ahead, back).astype(np.float64)

    return replace(case, arguments=shift(dict(case.arguments)))
