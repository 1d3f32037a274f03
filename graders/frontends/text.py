"""A verdict as plain text: the terminal, pytest, ``nbgrader validate`` and logs all show this."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graders.engine.verdict import ExerciseVerdict, Report, ReportLine, SubmissionVerdict

WIDTH = 100  # no line is longer
RIGHT = 86  # where the points end, as long as the heading leaves room for them
INDENT = "  "
LABEL = 12  # columns of "Agrees      ", "Read again  "
TABLE = 6  # where the table's first column begins
NUMBERS = 13  # where its numbers begin: one column for the sign


def report_text(verdict: ExerciseVerdict, *, width: int = WIDTH) -> str:
    """Return the report of one exercise; a passed one is a single line. It ends without a line break."""
    report = verdict.report
    lines = heading_lines(visible(report.heading) or visible(verdict.name), points_text(verdict), width)
    if verdict.status == "passed":
        return "\n".join(lines)
    blocks = [
        [*labelled("Agrees", report.agrees, width), *labelled("Differs", report.differs, width)],
        table_lines(report.rows),
        _closing(report, width),
    ]
    for block in blocks:
        if block:
            lines += ["", *block]
    return "\n".join(lines)


def submission_text(verdict: SubmissionVerdict, *, width: int = WIDTH) -> str:
    """Return the report of a whole submission: who and how many points, then one report an exercise."""
    title = visible(" · ".join(part for part in (verdict.student, verdict.assignment) if part))
    points = "not graded" if verdict.status != "graded" else out_of(verdict.score, verdict.points)
    text = "\n".join(heading_lines(title, points, width))
    if verdict.status == "grader-error":
        text += "\n\n" + "\n".join(paragraph([not_you(verdict.message)], width))
    elif verdict.message:
        text += "\n\n" + "\n".join(paragraph([verdict.message], width))
    single = False
    for exercise in verdict.exercises:
        block = report_text(exercise, width=width)
        # single lines stand together, longer reports have air around them
        text += "\n" if single and "\n" not in block else "\n\n"
        text += block
        single = "\n" not in block
    return text


def not_you(message: str) -> str:
    """Return the message of a failure of our own, which says whose failure it is, once."""
    return message if message.startswith("The grader failed, not you") else f"The grader failed, not you. {message}"


def points_text(verdict: ExerciseVerdict) -> str:
    """Return "0 of 2 points", or why there are none: "skipped", "not graded"."""
    if verdict.status == "skipped":
        return "skipped"
    if verdict.status == "grader-error":
        return "not graded"
    return out_of(verdict.score, verdict.points)


def out_of(score: float, points: float) -> str:
    """Return ``score`` out of ``points`` in words."""
    return f"{number(score)} of {number(points)} {'point' if points == 1 else 'points'}"


def parts_text(parts: Sequence[tuple[str, float, float]]) -> str:
    """Return "parameters 3 of 3, loss 0 of 2.1"."""
    return ", ".join(f"{visible(name)} {number(earned)} of {number(possible)}" for name, earned, possible in parts)


def number(value: float) -> str:
    """Return a number in six significant digits at most, as short as it goes."""
    return f"{value:.6g}"


def visible(text: str) -> str:
    """Return the text with everything that could act on a terminal or reorder a line spelled out.

    Line breaks stay, tabs become spaces; control and format characters (terminal escapes, bidi marks,
    zero-width characters) and lone surrogates become their escapes in Python.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text.expandtabs(4)))


def heading_lines(title: str, points: str, width: int) -> list[str]:
    """Return the heading with the points at the right; a long heading takes several lines."""
    room = width - len(points) - 2
    *first, last = textwrap.wrap(title, room, break_on_hyphens=False) or [""]
    right = min(RIGHT, width)
    gap = max(2, right - len(last) - len(points))
    return [*first, last + " " * gap + points]


def labelled(label: str, text: str, width: int) -> list[str]:
    """Return ``label`` and its text beside it, further lines below the text; nothing for no text."""
    if not text:
        return []
    hanging = INDENT + " " * LABEL
    lines = _wrap(text, width - len(hanging))
    first = INDENT + label.ljust(LABEL) + lines[0]
    return [first, *(hanging + line for line in lines[1:])]


def table_lines(rows: Sequence[ReportLine]) -> list[str]:
    """Return the rows under their headings, columns aligned by the digit after the sign."""
    if not rows:
        return []
    cells = [("", "yours", "expected", "allowed")]
    cells += [(visible(r.quantity), visible(r.yours), visible(r.expected), visible(r.allowed)) for r in rows]
    signed = [(cell[0], *(_signed(text) for text in cell[1:])) for cell in cells]
    widths = [NUMBERS - TABLE, *[LABEL] * 3]
    for row in signed:
        widths = [
            max(wide, len(text) + (2 if i else 1)) for i, (wide, text) in enumerate(zip(widths, row, strict=True))
        ]
    return [
        (" " * TABLE + "".join(text.ljust(wide) for text, wide in zip(row, widths, strict=True))).rstrip()
        for row in signed
    ]


def paragraph(sentences: Iterable[str], width: int) -> list[str]:
    """Return sentences as one indented paragraph; one with line breaks of its own keeps them."""
    lines: list[str] = []
    run: list[str] = []
    for sentence in [*sentences, "\n"]:
        if "\n" not in sentence:
            run.append(sentence)
            continue
        lines += _wrap(" ".join(filter(None, run)), width - len(INDENT))
        lines += _wrap(sentence.strip("\n"), width - len(INDENT))
        run = []
    return [(INDENT + line).rstrip() for line in lines]


def _closing(report: Report, width: int) -> list[str]:
    return [
        *paragraph([report.off], width),
        *paragraph(report.says, width),
        *labelled("Next", report.next, width),
        *labelled("Read again", report.read_again, width),
        *labelled("Points", parts_text(report.parts), width),
    ]


def _wrap(text: str, width: int) -> list[str]:
    """Wrap every line of the text on its own; a line keeps its indentation."""
    lines: list[str] = []
    for line in visible(text).splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line, width, subsequent_indent=indent, break_on_hyphens=False, replace_whitespace=False
        ) or [""]
    return lines


def _signed(text: str) -> str:
    return text if text.startswith(("-", "+", "\N{MINUS SIGN}")) else " " + text


def _visible_character(character: str) -> str:
    if character == "\n" or character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
