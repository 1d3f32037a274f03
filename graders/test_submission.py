"""The grader as tests, one for each exercise and case: ``pytest graders --submission PATH``.

Without ``--submission`` the reference is graded, which needs ``solutions/``. A submission is read when the tests are
collected, and graded once, through the worker, when the first of its tests runs.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graders import cards
from graders.engine.source import Unreadable, read
from graders.frontends.discover import Found, discover
from graders.frontends.grading import grade_submission, grader_error, relocated, unreadable
from graders.frontends.text import number, report_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graders.engine.card import Exercise
    from graders.engine.key import Key
    from graders.engine.source import Submission
    from graders.engine.verdict import CaseResult, ExerciseVerdict, SubmissionVerdict
    from graders.engine.worker.client import Zygote

HINTS = "type_hints"  # the test of the one thing that no case shows
READABLE = "readable"  # the one test of a submission whose assignment nothing tells


@dataclass(frozen=True)
class Point:
    """What one test asks: of whose submission, which exercise, which case."""

    found: Found
    exercise: str
    case: str

    def name(self, *, student: bool) -> str:
        """Return the test's id, such as ``ps3_batch_descent-train_batch-off_centre``; of several, the student first."""
        parts = [visible(self.found.student)] if student else []
        parts += [self.found.assignment or "", self.exercise, self.case]
        return "-".join(part for part in parts if part)


class Grader:
    """Grades each submission once, with one warm worker for all."""

    def __init__(self, config: pytest.Config) -> None:
        self.device: str = config.option.descentlab_device
        self.seed: int = config.option.descentlab_seed
        # the reference is the teacher's own program
        self.trust: bool = config.option.descentlab_trust or config.option.descentlab_submission is None
        self._zygote: Zygote | None = None
        self._verdicts: dict[Found, SubmissionVerdict] = {}

    def verdict(self, found: Found) -> SubmissionVerdict:
        """Return the verdict on a submission, from the second time on without grading it."""
        if found not in self._verdicts:
            self._verdicts[found] = self._grade(found)
        return self._verdicts[found]

    def close(self) -> None:
        """End the worker."""
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            zygote.__exit__(None, None, None)

    def _grade(self, found: Found) -> SubmissionVerdict:
        slug, name = found.assignment, found.path.name
        try:
            if slug is None:
                raise Unreadable(f"{name} does not tell which assignment it answers. Name it with --assignment.")
            submission = relocated(read(found.path), name, found.student, slug)
        except Unreadable as problem:
            return unreadable(found.student, slug, name, str(problem))
        for last in (False, True):
            try:
                return self._judged(submission, slug)
            except Exception as problem:
                self.close()  # a worker that died is replaced once
                if last:
                    return grader_error(found.student, slug, name, f"{type(problem).__name__}: {problem}")
        raise AssertionError

    def _judged(self, submission: Submission, slug: str) -> SubmissionVerdict:
        from graders.engine.worker.client import IsolationUnavailable
        from graders.frontends.grade_command import judged_device

        keys, device = keys_for(slug, self.seed), judged_device(self.device)
        try:
            zygote = self._warm()
        except IsolationUnavailable as problem:
            pytest.fail(str(problem), pytrace=False)
        return grade_submission(zygote, submission, cards.load(slug), keys, device=device, feedback="numbers")

    def _warm(self) -> Zygote:
        if self._zygote is None:
            from graders.engine.worker.client import Zygote

            self._zygote = Zygote(trust=self.trust).__enter__()
        return self._zygote


def keys_for(slug: str, seed: int) -> Mapping[str, Key]:
    """Return public and hidden keys on the teacher's side, and the public key file elsewhere."""
    if has_solution(slug):
        from graders.keys import all_keys

        return all_keys(slug, seed)
    from graders.engine.key import load
    from graders.frontends.checking import key_file

    file = key_file(slug)
    if file is None:
        pytest.fail(
            f"{slug}.key.json is missing; run pytest in the folder of the assignment or above it", pytrace=False
        )
    return load(file.read_text(encoding="utf-8"))


def has_solution(slug: str) -> bool:
    """Tell whether the teacher's side of an assignment is on this machine."""
    return find_spec("solutions") is not None and find_spec(f"solutions.{slug}") is not None


def submissions(config: pytest.Config) -> list[Found]:
    """Return the submissions asked for, or the reference of every assignment."""
    only = config.option.descentlab_assignment
    if config.option.descentlab_submission is not None:
        return discover([config.option.descentlab_submission], only)
    found = []
    for slug in cards.SLUGS:
        spec = find_spec(f"solutions.{slug}") if has_solution(slug) and only in (None, slug) else None
        if spec is not None and spec.origin is not None:
            found.append(Found("reference", slug, Path(spec.origin)))
    return found


def nothing_found(config: pytest.Config) -> str:
    """Say why there is nothing to grade, and what to do."""
    only = config.option.descentlab_assignment
    what = f" for {only}" if only else ""
    if config.option.descentlab_submission is None:
        return f"The reference{what} is not on this machine; name what to grade with --submission PATH."
    name = visible(Path(config.option.descentlab_submission).name)
    return f"No submission{what} lies under {name}: submissions are .ipynb and .py files."


def points(found: Found) -> list[Point]:
    """Return what is asked of one submission."""
    if found.assignment is None:
        return [Point(found, "", READABLE)]
    hidden = has_solution(found.assignment)
    exercises = cards.load(found.assignment).exercises
    return [Point(found, one.name, case) for one in exercises for case in case_names(one, hidden=hidden)]


def case_names(exercise: Exercise, *, hidden: bool) -> list[str]:
    """Return the names of an exercise's cases: these are the same for every seed."""
    cases = exercise.public()
    if hidden:
        cases = [*cases, *exercise.hidden(random.Random(0))]  # noqa: S311 - only the names are used
    return [case.name for case in cases] + ([HINTS] if "hints" in exercise.aspects else [])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each exercise and case of each submission."""
    found = submissions(metafunc.config)
    if not found:
        raise pytest.Collector.CollectError(nothing_found(metafunc.config))
    several = len({one.student for one in found}) > 1
    asked = [point for one in found for point in points(one)]
    metafunc.parametrize("point", asked, ids=[point.name(student=several) for point in asked])


@pytest.fixture(scope="session")
def grader(request: pytest.FixtureRequest) -> Iterator[Grader]:
    """One grader for the whole run."""
    grader = Grader(request.config)
    yield grader
    grader.close()


def test_case(point: Point, grader: Grader) -> None:
    """The exercise is right on this case."""
    verdict = grader.verdict(point.found)
    if verdict.status != "graded":
        pytest.fail(visible(verdict.message), pytrace=False)
    exercise = next(one for one in verdict.exercises if one.name == point.exercise)
    if left_out(exercise, verdict):
        pytest.skip(f"{exercise.name} is not in {point.found.path.name}")
    problem = hints_problem(exercise) if point.case == HINTS else case_problem(exercise, point.case)
    if problem:
        pytest.fail(problem, pytrace=False)


def left_out(exercise: ExerciseVerdict, verdict: SubmissionVerdict) -> bool:
    """Tell whether a ``.py`` file that answers other exercises leaves this one out."""
    attempted = any(one.status != "not-attempted" for one in verdict.exercises)
    return exercise.status == "not-attempted" and attempted and Path(verdict.path).suffix == ".py"


def case_problem(exercise: ExerciseVerdict, case: str) -> str:
    """Return what is wrong with one case, the exercise's report below it; empty if nothing."""
    runs = [run for run in exercise.cases if run.name == case]
    wrong = [run for run in runs if not run.passed]
    if not wrong and runs:
        return ""
    facts = [run_words(run) for run in wrong] or [f"{exercise.name} was not judged on {case}"]
    if exercise.status == "not-attempted":
        facts = ["not attempted"]
    return "\n".join([f"{case} · {'; '.join(facts)}", "", report_text(exercise)])


def hints_problem(exercise: ExerciseVerdict) -> str:
    """Return the report where type hints cost points: where only they are missing, or other parts earned some."""
    if exercise.status == "not-attempted":
        return "\n".join([f"{HINTS} · not attempted", "", report_text(exercise)])
    lost = any(name == "hints" and earned < possible for name, earned, possible in exercise.report.parts)
    earned_other = any(earned > 0 for name, earned, _ in exercise.report.parts if name != "hints")
    only_hints = exercise.status != "passed" and all(run.passed for run in exercise.cases)
    return report_text(exercise) if only_hints or (lost and earned_other) else ""


def run_words(run: CaseResult) -> str:
    """Return how far one run is off: "float64 on cpu: 0.24 off, 1e-09 allowed"."""
    place = f"{run.dtype} on {run.device}"
    if run.deviation is None:
        return f"{place}: no numbers to compare"
    if run.deviation <= run.allowed:
        return f"{place}: right numbers, something else is wrong"
    return f"{place}: {number(run.deviation)} off, {number(run.allowed)} allowed"
