"""What an exercise is: data for the judge, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from graders.engine.tolerance import COURSE

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from graders.engine.observation import Observation
    from graders.engine.tolerance import Measured

# None, bool, int, float, str, numpy array, or a list / dict of those.
# A float64 array becomes a Tensor of the judged dtype, an int64 array a LongTensor; the rest arrives as it is.
Value: TypeAlias = Any
Arguments: TypeAlias = "Mapping[str, Value]"

Kind = Literal["path", "trajectory", "numbers", "each", "exact"]


@dataclass(frozen=True)
class Case:
    """One call of the student's function.

    ``arguments`` in the order of the contract's parameters. ``trivial`` cases (``epochs=0``, ``n=1``) alone
    earn nothing. ``stable`` cases are judged in float32 as well. ``options`` steer the probe.
    ``earlier`` holds the arguments of a call made before this one in the same process.
    """

    name: str
    sentence: str
    arguments: Arguments
    trivial: bool = False
    stable: bool = True
    options: Mapping[str, Value] = field(default_factory=dict)
    earlier: Arguments | None = None


@dataclass(frozen=True)
class Quantity:
    """One named result of a case, and how it is compared.

    ``kind``: ``path`` and ``trajectory`` run in time and are scaled by the running maximum of the reference
    (quantities that share ``together`` jointly); ``numbers`` are scaled by their largest element (jointly again),
    ``each`` by itself; ``exact`` is equality of plain values. ``aspect`` names the part of the points this quantity
    earns.
    """

    name: str
    kind: Kind
    aspect: str
    words: str
    together: str = ""


@dataclass(frozen=True)
class Fault:
    """One sentence on what is wrong with an answer, and the mistake it shows where it shows one."""

    sentence: str
    mistake: str | None = None
    aspect: str = ""


@dataclass(frozen=True)
class Exercise:
    """One function (or class) a student writes.

    ``aspects`` are the shares of the points, together 1: those named by the quantities, and the two forms
    ``arguments`` (left as they were) and ``hints`` (the type hints of ``signature``).
    ``check`` judges by properties instead of numbers: it reads an answer and returns faults.
    ``may_change`` names the arguments the contract allows to change.
    ``tau`` and ``tau32``, the tolerances in float64 and float32, are derived from ``measured`` when the card is loaded.
    """

    name: str
    points: float
    section: str
    signature: str
    probe: str
    aspects: Mapping[str, float]
    quantities: tuple[Quantity, ...]
    public: Callable[[], list[Case]]
    hidden: Callable[[random.Random], list[Case]]
    check: Callable[[Case, Observation], list[Fault]] | None = None
    may_change: tuple[str, ...] = ()
    tau: float = COURSE["float64"]
    tau32: float = COURSE["float32"]
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class MistakeText:
    """What is said of a known mistake: what was observed, the kind of slip, and the topic to read again."""

    fact: str
    hint: str
    topic: str


@dataclass(frozen=True)
class WrittenAnswer:
    """A cell graded by hand: nbgrader's own business, listed so that points add up."""

    name: str
    points: float


@dataclass(frozen=True)
class Card:
    """One assignment: its exercises in the order of the notebook.

    ``topics`` maps a mistake's topic (``forward``, ``loss``, ``gradient``, ``update``, ``recording``, ``batches``,
    ``contract``, ``tensors``) to the heading of the notebook to read again; ``texts`` holds what is said of each
    mistake, by id.
    """

    slug: str
    title: str
    exercises: tuple[Exercise, ...]
    topics: Mapping[str, str]
    texts: Mapping[str, MistakeText] = field(default_factory=dict)
    written: tuple[WrittenAnswer, ...] = ()
    call_seconds: float = 10.0
    submission_seconds: float = 60.0

    @property
    def points(self) -> float:
        """Points of the exercises graded by the program (written answers come on top)."""
        return sum(exercise.points for exercise in self.exercises)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name; KeyError names the ones there are."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        known = ", ".join(exercise.name for exercise in self.exercises)
        raise KeyError(f"{self.slug} has no exercise {name!r}; it has {known}")
