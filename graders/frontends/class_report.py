"""``descentlab report``: a class at a glance, from the records of a run. Counts only; nobody is named."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graders.frontends.class_run import LEDGER
from graders.frontends.ledger import read_entries
from graders.frontends.text import number, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rich.console import Console

RESULTS = "results.json"
BARS = 24  # letters of the longest bar
MOST = 5  # mistakes shown for each exercise
STATUSES = ("passed", "failed", "raised", "timed-out", "not-attempted", "skipped", "grader-error")


class NoRecordsError(ValueError):
    """The file holds no records; the sentence says what does."""


@dataclass
class ExerciseCount:
    """How one exercise went."""

    points: float = 0.0
    scores: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)


@dataclass
class AssignmentCount:
    """How one assignment went."""

    points: float = 0.0
    scores: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    exercises: dict[str, ExerciseCount] = field(default_factory=dict)


def print_report(path: Path) -> None:
    """Print the report of the records in a file or folder."""
    from rich.console import Console

    counts = count(read_records(path))
    console = Console(highlight=False)
    for slug, assignment in sorted(counts.items()):
        _print_assignment(console, slug or "unknown assignment", assignment)


def read_records(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the published records of results.json, records.jsonl, or a folder that holds one of them.

    Raises
    ------
    NoRecordsError
        There are none.
    """
    if path.is_dir():
        held = [path / name for name in (LEDGER, RESULTS) if (path / name).is_file()]
        if not held:
            raise NoRecordsError(f"{path} holds neither {LEDGER} nor {RESULTS}; make them with: descentlab grade --out")
        path = held[0]
    if path.suffix == ".jsonl":
        records: Iterator[Mapping[str, Any]] = (entry["submission"] for entry in read_entries(path))
    else:
        records = iter(_document(path))
    first = next(records, None)
    if first is None:
        raise NoRecordsError(f"{path.name} holds no records; make them with: descentlab grade --out")
    yield first
    yield from records


def count(records: Iterable[Mapping[str, Any]]) -> dict[str, AssignmentCount]:
    """Return the counts of every assignment."""
    counts: dict[str, AssignmentCount] = {}
    for record in records:
        assignment = counts.setdefault(record["assignment"], AssignmentCount())
        assignment.statuses[record["status"]] += 1
        assignment.points = max(assignment.points, record["points"])
        if record["status"] == "graded":
            assignment.scores.append(record["score"])
        for exercise in record["exercises"]:
            one = assignment.exercises.setdefault(exercise["name"], ExerciseCount(exercise["points"]))
            one.scores.append(exercise["score"])
            one.statuses[exercise["status"]] += 1
            # ids that no data can separate are one observation
            if exercise["diagnosis"]:
                one.mistakes[" or ".join(sorted(exercise["diagnosis"]))] += 1
    return counts


def histogram(scores: Iterable[float], points: float) -> list[tuple[str, int]]:
    """Return how many scores fall into each whole point, the full score in a row of its own."""
    rows = Counter(min(int(score + 1e-9), int(points)) for score in scores)
    last = int(points)
    return [(number(low) if low == last else f"{low} to {low + 1}", rows[low]) for low in range(last + 1)]


def _print_assignment(console: Console, slug: str, assignment: AssignmentCount) -> None:
    from rich.table import Table
    from rich.text import Text

    total = assignment.statuses.total()
    others = ", ".join(f"{n} {status}" for status, n in sorted(assignment.statuses.items()) if status != "graded")
    heading = f"{total} submission{'s' if total != 1 else ''}" + (f" ({others})" if others else "")
    console.print(f"\n[bold]{slug}[/bold] · {heading}")
    if assignment.scores:
        console.print(
            f"points: mean {number(statistics.fmean(assignment.scores))}, "
            f"median {number(statistics.median(assignment.scores))} of {number(assignment.points)}\n"
        )
        rows = histogram(assignment.scores, assignment.points)
        most = max(n for _, n in rows)
        for label, n in reversed(rows):
            console.print(Text(f"  {label:>8}  {'█' * round(BARS * n / most):<{BARS}} {n or ''}".rstrip()))
    if not assignment.exercises:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("\nexercise", no_wrap=True)
    table.add_column("\nmean", justify="right")
    shown = [status for status in STATUSES if any(one.statuses[status] for one in assignment.exercises.values())]
    for status in shown:
        table.add_column("\n" + status.replace("-", " "), justify="right")
    for name, one in assignment.exercises.items():
        mean = f"{number(statistics.fmean(one.scores))} of {number(one.points)}"
        table.add_row(Text(visible(name)), mean, *(str(one.statuses[status] or "") for status in shown))
    console.print(table)
    for name, one in assignment.exercises.items():
        if one.mistakes:
            console.print(Text(f"\nMost frequent in {visible(name)}"))
            for mistake, n in sorted(one.mistakes.items(), key=lambda item: (-item[1], item[0]))[:MOST]:
                console.print(Text(f"  {n:>4}  {visible(mistake)}"))


def _document(path: Path) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        submissions = document["submissions"]
        if not isinstance(submissions, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NoRecordsError(f"{path.name} is no result of descentlab; give results.json or records.jsonl") from None
    return submissions
