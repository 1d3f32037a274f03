"""The record every frontend formats: frozen, plain, and exactly the published JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

ExerciseStatus = Literal["passed", "failed", "raised", "timed-out", "not-attempted", "skipped", "grader-error"]
SubmissionStatus = Literal["graded", "unreadable", "grader-error"]


@dataclass(frozen=True)
class FirstDifference:
    """Where the student's numbers leave the expected ones, in the order of time.

    ``step``: index in time (updates for a path, epochs for a loss), or None where there is no time.
    ``yours`` / ``expected`` may be None where there is no single number.
    """

    case: str
    quantity: str
    step: int | None
    yours: float | None
    expected: float | None
    allowed: float


@dataclass(frozen=True)
class CaseResult:
    """One case on one dtype and device. ``deviation`` is None where no numbers could be compared."""

    name: str
    dtype: str
    device: str
    passed: bool
    deviation: float | None
    allowed: float


@dataclass(frozen=True)
class ReportLine:
    """One aligned row of a difference table: ``w  0.741667  0.983333``."""

    quantity: str
    yours: str
    expected: str
    allowed: str


@dataclass(frozen=True)
class Report:
    """The message for people, built once; notebook, HTML and terminal only format it.

    ``heading``: "train_batch · three points, lr 0.02, 3 updates". ``agrees`` / ``differs``: one sentence each or
    empty. ``rows``: numbers, only for public cases. ``off``: how far off the first difference is, relatively, beside
    what correct programs differ by; a sentence or empty. ``says``: fact, then hint, a sentence each. ``next``: what to
    do next. ``parts``: (aspect, earned, possible) when points are split. ``read_again``: heading in the notebook.
    ``curve``: (yours, expected) of the loss on the case shown, public cases only.
    """

    heading: str
    agrees: str = ""
    differs: str = ""
    rows: tuple[ReportLine, ...] = ()
    off: str = ""
    says: tuple[str, ...] = ()
    next: str = ""
    parts: tuple[tuple[str, float, float], ...] = ()
    read_again: str = ""
    curve: tuple[tuple[float, ...], tuple[float, ...]] | None = None


@dataclass(frozen=True)
class ExerciseVerdict:
    """The judgement of one exercise. ``diagnosis``: ids, best first, ties together, a pair as "a+b"."""

    name: str
    score: float
    points: float
    status: ExerciseStatus
    fact: str
    hint: str
    diagnosis: tuple[str, ...]
    first_difference: FirstDifference | None
    cases: tuple[CaseResult, ...]
    report: Report


@dataclass(frozen=True)
class SubmissionVerdict:
    """The judgement of one submission."""

    student: str
    assignment: str
    path: str
    status: SubmissionStatus
    score: float
    points: float
    seconds: float
    exercises: tuple[ExerciseVerdict, ...]
    message: str = ""  # why it is unreadable, or what went wrong with the grader

    def as_json(self) -> dict[str, Any]:
        """Return the published record (schema ``descentlab/1``); ``message`` only where there is one."""
        record = asdict(self)
        for exercise in record["exercises"]:
            del exercise["report"]
            exercise["diagnosis"] = list(exercise["diagnosis"])
            exercise["cases"] = list(exercise["cases"])
        record["exercises"] = list(record["exercises"])
        if not self.message:
            del record["message"]
        return record
