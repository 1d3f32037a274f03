"""How a slip is written down, and how slips become the catalogue of one exercise."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solutions.mistakes.machine import Machine, replace

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

    @cache
    def around(cut: Callable[[Order, int], Sequence[Order]]) -> Callable[[Order, int], Sequence[Order]]:
        return lambda order, size: change(cut(order, size), size)

    return lambda m: replace(m, split=around(m.split))


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
    with np.errstate(all="ignore"):
        for answer in answers:
            for name, value in answer.items():
                array = np.asarray(_flat(value), dtype=np.float64).ravel()
                ahead, back = _weights(array.size)
                marks.append((name, array.size, f"{float(array @ ahead):.8g}", f"{float(array @ back):.8g}"))
    return tuple(marks)


@cache
def _weights(count: int) -> tuple[Any, Any]:
    weights = np.cos(np.arange(1, count + 1) ** 2)
    return weights, weights[::-1]


def _flat(value: Value) -> Any:
    if isinstance(value, str):
        return [float(sum(map(ord, value)))]
    if isinstance(value, list):
        pieces = [np.ravel(_flat(item)) for item in value]
        lengths = np.array([len(piece) + 1.0 for piece in pieces])
        return np.concatenate([lengths, *pieces]) if pieces else []
    return value


class Recipe(NamedTuple):
    """How a mistake of a subject is made: which slips, in the order of the changes, on which right machine.

    Without slips it is one of the subject's direct mistakes, at the place ``machine``.
    """

    id: str
    slips: tuple[int, ...]
    machine: int


def made(subject: Subject, recipe: Recipe) -> Mistake:
    """Return the mistake of a recipe."""
    if not recipe.slips:
        return subject.direct[recipe.machine]
    machine = subject.machines[recipe.machine]
    for place in recipe.slips:
        machine = subject.slips[place].change(machine)
    return Mistake(recipe.id, lambda case: subject.answer(machine, case))


def _marks(subject: Subject, recipes: Sequence[Recipe]) -> list[tuple[Any, ...]]:
    """Return what tells the answers of mistakes on the samples apart; case by case, so that paths are shared."""
    mistakes = [made(subject, recipe) for recipe in recipes]
    columns = [[signature([mistake.numbers(case)]) for mistake in mistakes] for case in subject.samples]
    return list(zip(*columns, strict=True))


@cache
def _right(subject: Subject) -> frozenset[tuple[Any, ...]]:
    columns = [[signature([subject.answer(m, case)]) for m in subject.machines] for case in subject.samples]
    return frozenset(zip(*columns, strict=True))


def in_order(slips: Sequence[Slip]) -> list[int]:
    """Return the places of the slips, those of one id together, in the order in which the ids first appear."""
    first = {slip.id: place for place, slip in reversed(list(enumerate(slips)))}
    return sorted(range(len(slips)), key=lambda place: first[slips[place].id])


@cache
def _alone(subject: Subject) -> dict[Recipe, tuple[Any, ...]]:
    """Return every slip on every right machine, with its mark."""
    recipes = [
        Recipe(subject.slips[place].id, (place,), machine)
        for place in in_order(subject.slips)
        for machine in range(len(subject.machines))
    ]
    return dict(zip(recipes, _marks(subject, recipes), strict=True))


@cache
def single_recipes(subject: Subject) -> tuple[Recipe, ...]:
    """Return the exercise's mistakes: every slip on every right machine, each different result once.

    Ids that share a result stand in the order of their tie, the telling one first.
    """
    direct = [Recipe(mistake.id, (), place) for place, mistake in enumerate(subject.direct) if "+" not in mistake.id]
    candidates = {recipe: mark for recipe, mark in _alone(subject).items() if "+" not in recipe.id}
    candidates.update(zip(direct, _marks(subject, direct), strict=True))
    seen: dict[tuple[Any, ...], list[str]] = {}
    found: list[Recipe] = []
    places: dict[tuple[Any, ...], list[int]] = {}
    for recipe, mark in candidates.items():
        if recipe.id in subject.aliases:
            continue
        ids = seen.setdefault(mark, [])
        if mark not in _right(subject) and recipe.id not in ids and _may_share(subject, recipe.id, ids):
            ids.append(recipe.id)
            places.setdefault(mark, []).append(len(found))
            found.append(recipe)
    for mark, shared in places.items():
        tie = next((tie for tie in subject.ties if len(shared) > 1 and set(seen[mark]) <= set(tie)), ())
        if tie:
            ordered = sorted((found[place] for place in shared), key=lambda recipe: tie.index(recipe.id))
            for place, recipe in zip(shared, ordered, strict=True):
                found[place] = recipe
    return tuple(found)


def _may_share(subject: Subject, name: str, ids: list[str]) -> bool:
    return not ids or any(name in tie and set(ids) <= set(tie) for tie in subject.ties)


@cache
def double_recipes(subject: Subject) -> tuple[Recipe, ...]:
    """Return the exercise's pairs: two slips made together, unless that equals one slip or none.

    Pairs of other names with the same numbers are all listed, so that they are reported together.
    """
    alone = _alone(subject)
    direct = [Recipe(mistake.id, (), place) for place, mistake in enumerate(subject.direct) if "+" in mistake.id]
    composed = sorted(
        ((recipe, mark) for recipe, mark in alone.items() if "+" in recipe.id), key=lambda one: one[0][1:]
    )
    together = _together(subject)
    single = single_recipes(subject)
    bare = [recipe for recipe in single if not recipe.slips]
    known = {alone[recipe] for recipe in single if recipe.slips} | set(_marks(subject, bare)) | _right(subject)
    marked = [*zip(together, _marks(subject, together), strict=True), *composed]
    marked += zip(direct, _marks(subject, direct), strict=True)
    seen: set[tuple[tuple[Any, ...], str]] = set()
    found: list[Recipe] = []
    for recipe, mark in marked:
        if mark not in known and (mark, recipe.id) not in seen:
            seen.add((mark, recipe.id))
            found.append(recipe)
    return tuple(found)


def _together(subject: Subject) -> list[Recipe]:
    """Return every two slips on the machines that matter to one of them, in both orders where they touch one stage."""
    slips, machines = subject.slips, subject.machines
    places = [k for k in in_order(slips) if slips[k].pairs and slips[k].id not in subject.aliases]
    own = {k: _own_machines(subject, k) for k in places}
    touch = {(k, m): touched(machines[m], slips[k].change(machines[m])) for k in places for m in range(len(machines))}
    found: list[Recipe] = []
    for first, second in combinations(places, 2):
        if slips[first].id == slips[second].id:
            continue
        name = f"{slips[first].id}+{slips[second].id}"
        for machine in {**own[first], **own[second]}:
            found.append(Recipe(name, (second, first), machine))
            if touch[first, machine] & touch[second, machine]:
                found.append(Recipe(name, (first, second), machine))
    return found


def _own_machines(subject: Subject, place: int) -> dict[int, None]:
    """Return the first right machine, and those on which this slip alone looks different from there."""
    marks = [_alone(subject)[Recipe(subject.slips[place].id, (place,), m)] for m in range(len(subject.machines))]
    return dict.fromkeys(m for m, mark in enumerate(marks) if m == 0 or mark != marks[0])


@cache
def singles(subject: Subject) -> tuple[Mistake, ...]:
    """Return the exercise's mistakes, one at a time."""
    return tuple(made(subject, recipe) for recipe in single_recipes(subject))


@cache
def doubles(subject: Subject) -> tuple[Mistake, ...]:
    """Return the exercise's pairs of mistakes."""
    return tuple(made(subject, recipe) for recipe in double_recipes(subject))


def touched(before: Machine, after: Machine) -> set[str]:
    """Return the names of the stages in which two machines differ."""
    pairs = zip(vars(before).items(), vars(after).values(), strict=True)
    return {name for (name, one), other in pairs if one is not other}
