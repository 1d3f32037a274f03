"""Records as files and tables: JSON, CSV, Gradescope, and a table for the terminal.

All of them read the published record (schema ``descentlab/1``) and nothing else; none of them judges.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from graders.cards import EXERCISES, SLUGS
from graders.frontends.text import number, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.table import Table

    Record = Mapping[str, Any]

SCHEMA = "descentlab/1"
NOT_YOU = "The grader failed, not you."
MARKS = {"passed": "green", "failed": "red", "raised": "red", "timed-out": "red", "not-attempted": "dim"}


@dataclass(frozen=True)
class Run:
    """What is true of a whole run and stands at the head of its JSON."""

    seed: int
    device: str
    isolation: str


def write_json(file: IO[str], run: Run, records: Iterable[Record]) -> None:
    """Write the published document, one submission a line, without holding them all."""
    head = {"schema": SCHEMA, "seed": run.seed, "device": run.device, "isolation": run.isolation}
    file.write(json.dumps(head)[:-1] + ', "submissions": [')
    for count, record in enumerate(records):
        file.write((",\n" if count else "\n") + json.dumps(record, allow_nan=False))
    file.write("\n]}\n")


def write_csv(file: IO[str], records: Iterable[Record], assignments: Iterable[str]) -> None:
    """Write one row a submission; one column for each exercise of the assignments."""
    named = set(assignments)
    columns = [name for slug in SLUGS if slug in named for name in EXERCISES[slug]]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["student", "assignment", "status", "score", "points", *columns, "diagnosis"])
    for record in records:
        scores = {exercise["name"]: number(exercise["score"]) for exercise in record["exercises"]}
        graded = record["status"] == "graded"
        row = [
            _cell(record["student"]),
            _cell(record["assignment"]),
            record["status"],
            number(record["score"]) if graded else "",
            number(record["points"]),
            *(scores.get(name, "") for name in columns),
            _cell("; ".join(_diagnoses(record))),
        ]
        writer.writerow(row)


def csv_text(records: Iterable[Record], assignments: Iterable[str]) -> str:
    """Return what :func:`write_csv` writes."""
    file = io.StringIO()
    write_csv(file, records, assignments)
    return file.getvalue()


def gradescope(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return one submission as Gradescope's ``results.json``; ``entry`` is a line of the ledger.

    Where the grader itself failed there is no score, so that Gradescope shows an error and asks for a hand.
    """
    record, text = entry["submission"], entry.get("text", {})
    tests = [
        {
            "name": exercise["name"],
            "score": exercise["score"],
            "max_score": exercise["points"],
            "status": "passed" if exercise["status"] == "passed" else "failed",
            "output": text.get(exercise["name"]) or _fact(exercise),
            "output_format": "text",
        }
        for exercise in record["exercises"]
    ]
    document = {
        "output": record.get("message", ""),
        "output_format": "text",
        "tests": tests,
        "extra_data": {"student": record["student"], "assignment": record["assignment"], "status": record["status"]},
    }
    return document if record["status"] == "grader-error" else {"score": record["score"], **document}


def class_rows(records: Iterable[Record]) -> Table:
    """Return a class as a table: one row a submission."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("student", "assignment"):
        table.add_column(name, overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("exercises", overflow="fold")
    table.add_column("what happened", overflow="fold")
    for record in records:
        graded = record["status"] == "graded"
        points = f"{number(record['score'])} of {number(record['points'])}" if graded else record["status"]
        exercises = Text()
        for exercise in record["exercises"]:
            line = f"{exercise['name']} {number(exercise['score'])}/{number(exercise['points'])}"
            exercises.append(("\n" if exercises else "") + line, style=MARKS.get(exercise["status"], "yellow"))
        table.add_row(
            Text(visible(record["student"])),
            Text(visible(record["assignment"] or "unknown")),
            Text(points, style="" if graded else "yellow"),
            exercises,
            Text(visible("\n".join(_happened(record)))),
        )
    return table


def _happened(record: Record) -> Sequence[str]:
    """Return a line for each exercise: its diagnosis, or its status where it did not pass."""
    if not record["exercises"]:
        return [record.get("message", "")]
    lines = []
    for exercise in record["exercises"]:
        known = " or ".join(exercise["diagnosis"])
        lines.append(known or exercise["status"].replace("-", " "))
    return lines


def _diagnoses(record: Record) -> list[str]:
    found = [
        f"{exercise['name']}: {' or '.join(exercise['diagnosis'])}"
        for exercise in record["exercises"]
        if exercise["diagnosis"]
    ]
    return found or ([] if record["status"] == "graded" else [record.get("message", record["status"])])


def _fact(exercise: Mapping[str, Any]) -> str:
    return "\n".join(part for part in (exercise["fact"], exercise["hint"]) if part)


def _cell(text: str | None) -> str:
    """Return text that no spreadsheet takes for a formula."""
    text = visible(text or "")
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
