"""What stands in the gradebook beside a student's answer: the fact, the hint, the names of the mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders.frontends.text import visible

if TYPE_CHECKING:
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
