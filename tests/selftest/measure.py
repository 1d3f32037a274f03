"""One exercise measured: every program, mistake and mutant judged as grading judges them."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graders import cards
from tests.selftest.mutants import mutants
from tests.selftest.oracle import Oracle
from tests.selftest.programs import EndlessError, corpus, expected_id, judged, unnamed
from tests.selftest.spread import reach, spreads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graders.engine.card import Card, Case, Exercise
    from graders.engine.key import Key
    from graders.engine.tolerance import Measured
    from graders.engine.verdict import ExerciseVerdict

SOLUTIONS = Path(__file__).parents[2] / "solutions"


@dataclass(frozen=True)
class Effort:
    """How much is tried: mutants and catalogued pairs per exercise, further seeds of hidden cases for the spread."""

    mutants: int = 60
    pairs: int = 40
    seeds: int = 2


QUICK = Effort(mutants=15, pairs=5, seeds=1)
STATED = Effort(seeds=15)  # what is written down holds for other seeds too
FURTHER = 1000  # from here on: seeds of the keys that only the spread is measured on


@dataclass
class Tally:
    """Programs of one kind: how many, and by name those that were accepted, misnamed, or not named."""

    tried: int = 0
    accepted: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def named(self) -> int:
        """How many were named rightly."""
        return self.tried - len(self.accepted) - len(self.misnamed) - len(self.silent)


@dataclass
class Result:
    """What was measured for one exercise. Lists hold names of programs at fault, with the reason."""

    exercise: str
    slug: str
    right: int = 0
    rejected: list[str] = field(default_factory=list)
    wrong: Tally = field(default_factory=Tally)
    pairs: Tally = field(default_factory=Tally)
    unknown: Tally = field(default_factory=Tally)
    catalogue: Tally = field(default_factory=Tally)
    catalogue_pairs: Tally = field(default_factory=Tally)
    mutants: int = 0
    equivalent: int = 0
    endless: int = 0
    survivors: list[str] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Measurement:
    """The work on one exercise."""

    def __init__(self, slug: str, name: str, seed: int, effort: Effort, device: str = "cpu") -> None:
        from graders import keys

        self.card: Card = cards.load(slug)
        self.exercise: Exercise = self.card.exercise(name)
        self.seed, self.effort, self.device = seed, effort, device
        self.key: Key = keys.all_keys(slug, seed)[name]
        self.result = Result(name, slug)
        self.reference = (SOLUTIONS / f"{slug}.py").read_text(encoding="utf-8")
        self.far: list[tuple[str, dict[tuple[str, str], float]]] = []  # deviations of every mistake, by dtype and case

    def verdict(self, source: str, key: Key | None = None, seconds: float = 60.0) -> ExerciseVerdict:
        """Return the verdict on a program."""
        return judged(self.card, self.exercise, key or self.key, source, seconds, self.device)

    def run(self) -> Result:
        """Measure everything."""
        started = time.process_time()
        near = self.right_programs()
        self.wrong_programs()
        self.catalogued()
        self.mutated()
        self.result.measured = spreads(self.exercise, self.key, near, self.far, self.device)
        self.result.seconds = time.process_time() - started
        return self.result

    # -- right programs --------------------------------------------------------------------------------------------

    def right_programs(self) -> list[tuple[str, dict[tuple[str, str], float]]]:
        """Judge the right programs, on further seeds as well; return how far they are from the reference."""
        found = []
        more = self._more_keys()
        sources = [(path.stem, path.read_text(encoding="utf-8")) for path in corpus(self.exercise.name, "right")]
        for name, source in [("the solution", self.reference), *sources]:
            self.result.right += 1
            for key in (self.key, *more):
                try:
                    verdict = self.verdict(source, key)
                except EndlessError:
                    self.result.rejected.append(f"right/{name}: does not come to an end")
                    break
                except Exception as error:
                    self._breaks(f"right/{name}", error)
                    break
                found.append((f"right/{name}", reach(verdict)))
                if verdict.status != "passed":
                    failed = [case.name for case in verdict.cases if not case.passed]
                    self.result.rejected.append(f"right/{name}: {verdict.fact} ({', '.join(failed) or 'hints'})")
                    break
        return found

    def _more_keys(self) -> list[Key]:
        """Return keys of hidden cases, drawn from further seeds as for a class."""
        from graders import drawing, keys

        def made(cases: Sequence[Case]) -> Key:
            return keys.make_key(self.card.slug, self.exercise, cases, hidden=True)

        seeds = range(self.seed + FURTHER, self.seed + FURTHER + self.effort.seeds)
        return [unnamed(drawing.draw(self.card.slug, self.exercise, seed, made)) for seed in seeds]

    # -- wrong programs --------------------------------------------------------------------------------------------

    def wrong_programs(self) -> None:
        """Judge the programs with one known mistake, with two, and with one that is not in the catalogue."""
        for kind, tally in (
            ("wrong", self.result.wrong), ("pairs", self.result.pairs), ("unknown", self.result.unknown)
        ):  # fmt: skip
            for path in corpus(self.exercise.name, kind):
                name = f"{kind}/{path.stem}"
                try:
                    verdict = self.verdict(path.read_text(encoding="utf-8"))
                except (EndlessError, FileNotFoundError):  # stopped: caught; or the corpus changes under us
                    continue
                except Exception as error:
                    self._breaks(name, error)
                    continue
                expected = "" if kind == "unknown" else expected_id(path)
                self._count(tally, name, verdict, expected)
                if kind == "wrong":
                    self.far.append((name, reach(verdict)))

    def _count(self, tally: Tally, name: str, verdict: ExerciseVerdict, expected: str) -> None:
        tally.tried += 1
        said = ", ".join(verdict.diagnosis)
        if verdict.score >= verdict.points:
            tally.accepted.append(name)
        elif not verdict.diagnosis and expected:
            tally.silent.append(f"{name}: {verdict.fact}")
        elif verdict.diagnosis and not self._rightly(verdict.diagnosis, expected):
            tally.misnamed.append(f"{name}: called {said}")

    def _rightly(self, diagnosis: Iterable[str], expected: str) -> bool:
        """Whether the expected mistake is named, and nothing but it and what no data can tell from it."""
        if not expected:
            return False
        allowed = {frozenset([one]) for one in self._alike(expected)}
        if "+" in expected:
            return any(set(one.split("+")) == set(expected.split("+")) for one in diagnosis)
        named = {frozenset([one]) for one in diagnosis}
        return frozenset([expected]) in named and named <= allowed

    def _alike(self, expected: str) -> set[str]:
        """Return a mistake and what the catalogue declares to be inseparable from it."""
        from solutions.mistakes import subject

        found = subject(self.card.slug, self.exercise.name)
        declared = [group for group in (found.ties if found else ()) if expected in group]
        return {expected, *self.key.ties.get(expected, ()), *(one for group in declared for one in group)}

    # -- the catalogue ---------------------------------------------------------------------------------------------

    def catalogued(self) -> None:
        """Judge the numbers of every known mistake, and of some pairs, as if a program had answered them."""
        drawn = list(self.key.pairs())
        rng = random.Random(self.seed)
        if len(drawn) > self.effort.pairs:
            drawn = rng.sample(drawn, self.effort.pairs)
        for known, tally in ((self.key.mistakes, self.result.catalogue), (drawn, self.result.catalogue_pairs)):
            for mistake in known:
                verdict = self._verdict_on(list(mistake.answers))
                self._count(tally, f"catalogue/{mistake.id}", verdict, mistake.id)
                if known is self.key.mistakes:
                    self.far.append((f"catalogue/{mistake.id}", reach(verdict)))

    def _verdict_on(self, answers: list[Any]) -> ExerciseVerdict:
        from graders.engine.judge import judge_exercise
        from tests.support.answers import answering

        return judge_exercise(self.card, self.exercise, self.key, answering(self.exercise, answers, self.key))

    # -- mutants ---------------------------------------------------------------------------------------------------

    def mutated(self) -> None:
        """Judge the mutants of the reference; the oracle says which of them are still right."""
        oracle = Oracle(self.exercise, self.reference, self.seed)
        independent = [] if oracle.draws else corpus(self.exercise.name, "right")[:6]
        sources = [(path.stem, path.read_text(encoding="utf-8")) for path in independent]
        for name in oracle.contradicted_by([("the solution", self.reference), *sources]):
            self.result.broken.append(f"the oracle and right/{name} disagree")
        key = unnamed(self.key)
        for mutant in mutants(self.reference, self.exercise.name, self.effort.mutants, self.seed):
            name = f"mutant ({mutant.operator}) {mutant.change}"
            try:
                passed = self.verdict(mutant.source, key, seconds=1.0).status == "passed"
            except EndlessError:
                self.result.endless += 1
                continue
            except Exception as error:
                self._breaks(name, error)
                continue
            if oracle.agrees(mutant.source):
                self.result.equivalent += 1
                if not passed:
                    self.result.rejected.append(f"{name}: still right, and not accepted")
                continue
            self.result.mutants += 1
            if passed:
                self.result.survivors.append(name)

    def _breaks(self, name: str, error: Exception) -> None:
        self.result.broken.append(f"the grader fails on {name}: {type(error).__name__}: {error}")


def measure(slug: str, name: str, seed: int, effort: Effort, device: str = "cpu") -> Result:
    """Measure one exercise, in this process."""
    import torch

    torch.set_num_threads(1)
    return Measurement(slug, name, seed, effort, device).run()
