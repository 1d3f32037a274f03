"""How a slip is written down, and how slips become the catalogue of one exercise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from solutions.mistakes.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from graders.engine.card import Case, Value
    from solutions.mistakes.machine import Log, Number, Order, Pair, Setup

    Answer = dict[str, Value]
    Change = Callable[[Machine], Machine]


@dataclass(frozen=True)
class Mistake:
    """A known mistake (or a pair, ``"a+b"``) of one exercise, and the numbers it leads to."""

    id: str
    numbers: Callable[[Case], dict[str, Value]]


@dataclass(frozen=True)
class Slip:
    """One change to the machine. ``pairs``: it is also tried together with other slips."""

    id: str
    change: Change
    pairs: bool = False


@dataclass(frozen=True, eq=False)
class Subject:
    """One exercise: how a machine answers it, machines that are right, and the slips one can make.

    ``samples`` are cases that tell mistakes apart: a slip that changes nothing on them cannot be made here.
    ``direct`` are mistakes that need no machine. ``ties``: groups of ids no data can separate. ``aliases``: an id
    that would look exactly like a more telling one, which is listed in its place.
    """

    answer: Callable[[Machine, Case], Answer]
    machines: tuple[Machine, ...]
    slips: tuple[Slip, ...]
    samples: tuple[Case, ...]
    direct: tuple[Mistake, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)


# --- ways to change a machine -------------------------------------------------------------------------------


def stages(**changed: Any) -> Change:
    """Replace stages."""
    return lambda machine: replace(machine, **changed)


def forward(predict: Callable[..., Number], pull: Callable[..., Pair]) -> Change:
    """Replace the forward pass; by autograd its derivative follows."""
    return lambda m: replace(m, predict=predict, pull=m.pull if m.closed else pull)


def loss(value: Callable[..., Number], slope: Callable[..., Number]) -> Change:
    """Replace the loss; by autograd its derivative follows."""
    return lambda m: replace(m, value=value, slope=m.slope if m.closed else slope)


def prepared(change: Callable[[Setup], Setup]) -> Change:
    """Change the arguments before the run."""
    return lambda m: replace(m, prepare=(*m.prepare, change))


def tweaked(change: Callable[[Number, Number, int, Setup], Pair]) -> Change:
    """Change the gradient of each batch."""
    return lambda m: replace(m, tweaks=(*m.tweaks, change))


def scaled(factor: Callable[[int, Setup], float], *, gradient: bool = True, record: bool = True) -> Change:
    """Multiply the gradient of each batch, its recorded loss, or both."""

    def tweak(dw: Number, db: Number, m: int, setup: Setup) -> Pair:
        return factor(m, setup) * dw, factor(m, setup) * db

    def reading(value: Number, m: int, setup: Setup) -> Number:
        return factor(m, setup) * value

    def change(m: Machine) -> Machine:
        m = replace(m, tweaks=(*m.tweaks, tweak)) if gradient else m
        return replace(m, readings=(*m.readings, reading)) if record else m

    return change


def filtered(make: Callable[[Setup], Callable[[Number, Number, Number, Number], Pair]]) -> Change:
    """Change the gradient the update uses."""
    return lambda m: replace(m, filters=(*m.filters, make))


def resplit(change: Callable[[Sequence[Order], int], Sequence[Order]]) -> Change:
    """Change the batches of an epoch after they were cut."""

    def wrap(m: Machine) -> Machine:
        cut = m.split
        return replace(m, split=lambda order, size: change(cut(order, size), size))

    return wrap


def finished(change: Callable[[Log], Log]) -> Change:
    """Change the record after the run."""
    return lambda m: replace(m, finish=(*m.finish, change))


def both(first: Change, second: Change) -> Change:
    """Make two changes, one after the other."""
    return lambda m: second(first(m))


# --- from slips to a catalogue ------------------------------------------------------------------------------


def signature(answers: Iterable[Answer]) -> tuple[Any, ...]:
    """Return what tells two series of answers apart: equal for those that agree to eight digits."""
    marks: list[Any] = []
    for answer in answers:
        for name in answer:
            array = np.asarray(_flat(answer[name]), dtype=np.float64).ravel()
            with np.errstate(all="ignore"):
                weights = np.cos(np.arange(1, array.size + 1) ** 2)
                marks.append((name, array.size, f"{array @ weights:.8g}", f"{array @ weights[::-1]:.8g}"))
    return tuple(marks)


def _flat(value: Value) -> Any:
    if isinstance(value, str):
        return [float(sum(map(ord, value)))]
    if isinstance(value, list):
        pieces = [np.ravel(_flat(item)) for item in value]
        lengths = np.array([len(piece) + 1.0 for piece in pieces])
        return np.concatenate([lengths, *pieces]) if pieces else []
    return value


def _mistake(subject: Subject, name: str, machine: Machine) -> Mistake:
    return Mistake(name, lambda case: subject.answer(machine, case))


def _right(subject: Subject) -> set[tuple[Any, ...]]:
    return {_mark(subject, _mistake(subject, "", machine).numbers) for machine in subject.machines}


def _mark(subject: Subject, numbers: Callable[[Case], Answer]) -> tuple[Any, ...]:
    return signature(numbers(case) for case in subject.samples)


def in_order(slips: Sequence[Slip]) -> list[Slip]:
    """Return the slips with those of one id together, in the order in which the ids first appear."""
    first = {slip.id: place for place, slip in reversed(list(enumerate(slips)))}
    return sorted(slips, key=lambda slip: first[slip.id])


@cache
def singles(subject: Subject) -> tuple[Mistake, ...]:
    """Return the exercise's mistakes: every slip on every right machine, each different result once."""
    right = _right(subject)
    seen: dict[tuple[Any, ...], list[str]] = {}
    found: list[Mistake] = []
    candidates = [
        _mistake(subject, slip.id, slip.change(machine))
        for slip in in_order(subject.slips)
        if "+" not in slip.id
        for machine in subject.machines
    ]
    direct = [mistake for mistake in subject.direct if "+" not in mistake.id]
    for mistake in (*candidates, *direct):
        if mistake.id in subject.aliases:
            continue
        mark = _mark(subject, mistake.numbers)
        ids = seen.setdefault(mark, [])
        if mark not in right and mistake.id not in ids and _may_share(subject, mistake.id, ids):
            ids.append(mistake.id)
            found.append(mistake)
    return tuple(found)


def _may_share(subject: Subject, name: str, ids: list[str]) -> bool:
    return not ids or any(name in tie and set(ids) <= set(tie) for tie in subject.ties)


@cache
def doubles(subject: Subject) -> tuple[Mistake, ...]:
    """Return the exercise's pairs: two slips made together, unless that equals one slip or none.

    Pairs of other names with the same numbers are all listed, so that they are reported together.
    """
    known = {_mark(subject, mistake.numbers) for mistake in singles(subject)}
    known |= _right(subject)
    seen: set[tuple[tuple[Any, ...], str]] = set()
    found: list[Mistake] = []
    slips = [slip for slip in in_order(subject.slips) if slip.pairs and slip.id not in subject.aliases]
    own = {slip: _own_machines(subject, slip) for slip in slips}
    candidates = [
        _mistake(subject, f"{first.id}+{second.id}", machine)
        for first, second in combinations(slips, 2)
        if first.id != second.id
        for machine in _together(first, second, {**own[first], **own[second]})
    ]
    composed = [
        _mistake(subject, slip.id, slip.change(machine))
        for slip in subject.slips
        if "+" in slip.id
        for machine in subject.machines
    ]
    direct = [mistake for mistake in subject.direct if "+" in mistake.id]
    for mistake in (*candidates, *composed, *direct):
        mark = _mark(subject, mistake.numbers)
        if mark not in known and (mark, mistake.id) not in seen:
            seen.add((mark, mistake.id))
            found.append(mistake)
    return tuple(found)


def _own_machines(subject: Subject, slip: Slip) -> dict[int, Machine]:
    """Return the first right machine, and those on which this slip alone looks different from there."""
    marks = [_mark(subject, _mistake(subject, slip.id, slip.change(machine)).numbers) for machine in subject.machines]
    return {i: m for i, m in enumerate(subject.machines) if i == 0 or marks[i] != marks[0]}


def _together(first: Slip, second: Slip, machines: Mapping[int, Machine]) -> list[Machine]:
    """Return both changes on each of the machines, in both orders where they touch the same stage."""
    found: list[Machine] = []
    for machine in machines.values():
        one, two = first.change(machine), second.change(machine)
        found.append(first.change(two))
        if touched(machine, one) & touched(machine, two):
            found.append(second.change(one))
    return found


def touched(before: Machine, after: Machine) -> set[str]:
    """Return the names of the stages in which two machines differ."""
    return {name for name in vars(before) if getattr(before, name) is not getattr(after, name)}
