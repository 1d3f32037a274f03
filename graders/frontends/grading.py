"""One submission to its verdict: run its cells in a worker, judge the answers, never let it stop the rest."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from graders.engine.verdict import SubmissionVerdict
from graders.frontends.text import report_text
from graders.frontends.untouched import without

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.card import Card
    from graders.engine.key import Key
    from graders.engine.reporting import Feedback
    from graders.engine.source import Submission
    from graders.engine.verdict import ExerciseVerdict
    from graders.engine.worker.client import Zygote


class Judge(Protocol):
    """Whoever holds the keys and lends a warm worker, a new one where the last one died."""

    def keys(self, slug: str) -> Mapping[str, Key]:
        """Return the keys of an assignment."""

    @property
    def zygote(self) -> Zygote:
        """Return the warm worker."""

    def restart(self) -> None:
        """Start a new one."""


@dataclass(frozen=True)
class Terms:
    """What is the same for every submission of a run."""

    seed: int
    device: str = "cpu"
    feedback: Feedback = "numbers"
    pages: bool = False


@dataclass(frozen=True)
class Graded:
    """What is kept of a submission: the published record, the reports as text, the feedback page.

    ``isolation`` is the level its program ran at; empty where none ran.
    """

    record: dict[str, Any]
    text: dict[str, str]
    page: str | None = None
    isolation: str = ""


def grade_submission(
    zygote: Zygote,
    submission: Submission,
    card: Card,
    keys: Mapping[str, Key],
    *,
    device: str = "cpu",
    feedback: Feedback = "numbers",
) -> SubmissionVerdict:
    """Run a submission's cells and judge every exercise of its assignment that has a key."""
    from graders.engine.asking import asking
    from graders.engine.judge import judge

    started = time.perf_counter()
    cells = without(submission.cells, card.slug)
    with zygote.session(cells, seconds=card.submission_seconds) as session:
        ask = asking(session, cells, script=submission.kind == "py")
        exercises = judge(card, keys, ask, device=device, feedback=feedback)
    failed = [one.name for one in exercises if one.status == "grader-error"]
    return SubmissionVerdict(
        student=submission.student,
        assignment=card.slug,
        path=str(submission.path),
        status="grader-error" if failed else "graded",
        score=sum(one.score for one in exercises),
        points=card.points,
        seconds=round(time.perf_counter() - started, 3),
        exercises=exercises,
        message=" ".join([*submission.notes, *_other_assignment(submission, card, exercises)]),
    )


def unreadable(student: str, assignment: str | None, path: str, sentence: str) -> SubmissionVerdict:
    """Return the verdict on a submission that cannot be read: no points, one sentence, no exercises."""
    return SubmissionVerdict(student, assignment or "", path, "unreadable", 0.0, _points(assignment), 0.0, (), sentence)


def grader_error(student: str, assignment: str | None, path: str, reason: str) -> SubmissionVerdict:
    """Return the verdict on a submission the grader failed at; the student is not to blame for it."""
    message = f"The grader failed, not you ({reason}). Your teacher grades this submission by hand or again."
    return SubmissionVerdict(
        student, assignment or "", path, "grader-error", 0.0, _points(assignment), 0.0, (), message
    )


def grade_safely(judge: Judge, submission: Submission, terms: Terms) -> Graded:
    """Grade one submission whatever happens: a worker that died is replaced once, then it is a grader error."""
    from graders import cards

    slug = submission.assignment
    assert slug is not None
    card, keys, isolation = cards.load(slug), judge.keys(slug), ""
    for last in (False, True):
        zygote = judge.zygote  # where none can be started, nothing can be graded: the command ends
        isolation = zygote.isolation
        try:
            verdict = grade_submission(zygote, submission, card, keys, device=terms.device, feedback=terms.feedback)
        except Exception as error:
            if not last:
                judge.restart()
                continue
            reason = f"{type(error).__name__} while grading {submission.path.name}"
            verdict = grader_error(submission.student, slug, str(submission.path), reason)
        break
    return kept(verdict, pages=terms.pages, isolation=isolation)


def kept(verdict: SubmissionVerdict, *, pages: bool, isolation: str = "") -> Graded:
    """Return what is kept of a verdict."""
    from graders.frontends.pages import submission_page

    text = {exercise.name: report_text(exercise) for exercise in verdict.exercises}
    return Graded(verdict.as_json(), text, submission_page(verdict) if pages else None, isolation)


def shown_path(path: Path) -> str:
    """Return a path as a record shows it: from the folder the command runs in, where it lies below."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def relocated(submission: Submission, path: str, student: str, assignment: str | None) -> Submission:
    """Return a submission with the names a record shows."""
    return replace(submission, path=Path(path), student=student, assignment=assignment)


def _points(assignment: str | None) -> float:
    from graders import cards

    return cards.load(assignment).points if assignment in cards.SLUGS else 0.0


def _other_assignment(submission: Submission, card: Card, exercises: tuple[ExerciseVerdict, ...]) -> list[str]:
    """Say so where a file answers nothing of its assignment and something of another one."""
    from graders.cards import EXERCISES
    from graders.frontends.discover import guess

    if any(one.status != "not-attempted" for one in exercises):
        return []
    names = submission.defines()
    if names & set(EXERCISES[card.slug]):
        return []
    other = guess(names)
    if other is None:
        return []
    held = ", ".join(sorted(names & set(EXERCISES[other])))
    return [f"This looks like {other}: it holds {held} and none of {card.slug}'s functions. Hand in the other file."]
