"""What stands in the gradebook beside a student's answer: the fact, the hint, the names of the mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graders.cards import EXERCISES
from graders.engine.source import Cell, Submission
from graders.frontends.discover import guess
from graders.frontends.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graders.engine.verdict import ExerciseVerdict

GRADER_FAILED = "The grader failed, not you. Your instructor looks at this answer."


def comment_for(verdict: ExerciseVerdict) -> str | None:
    """Return the comment on one answer; a right one needs none, and nbgrader words an absent one itself."""
    if verdict.status == "passed":
        return None
    if verdict.status == "grader-error":
        return GRADER_FAILED
    sentences = [verdict.fact, verdict.hint]
    if verdict.report.read_again:
        sentences.append(f"Read again: {verdict.report.read_again}.")
    if verdict.diagnosis:
        sentences.append(f"({', '.join(verdict.diagnosis)})")
    return visible(" ".join(sentence for sentence in sentences if sentence)) or None


def other_assignment(sources: Iterable[str], slug: str) -> str:
    """Say so where a notebook answers nothing of its assignment and something of another one; else nothing."""
    cells = tuple(Cell("", source) for source in sources)
    names = Submission(Path(), "", slug, cells, "notebook").defines()
    other = None if names & set(EXERCISES[slug]) else guess(names)
    if other is None:
        return ""
    held = ", ".join(sorted(names & set(EXERCISES[other])))
    return f"This looks like {other}: it holds {held} and none of {slug}'s functions. Hand in the other file."
