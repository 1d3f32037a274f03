"""A submission's feedback as one HTML page, for `descentlab grade --out`."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from graders.frontends.curve import curve_svg
from graders.frontends.html import STYLE, message_html, report_html
from graders.frontends.records import NOT_YOU
from graders.frontends.text import out_of, visible

if TYPE_CHECKING:
    from graders.engine.verdict import SubmissionVerdict

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: system-ui, sans-serif; margin: 2em auto; max-width: 62em; padding: 0 1em; color: #1a1a1a; }}
h1 {{ font-size: 1.3em; }} .descentlab {{ margin: 1.2em 0; }}
</style>
{style}
</head>
<body>
<main>
<h1>{title}</h1>
<p>{points}</p>
{body}
</main>
</body>
</html>
"""


def submission_page(verdict: SubmissionVerdict) -> str:
    """Return the feedback page of one submission: every report, with the curve where there is one."""
    if verdict.status == "graded":
        points = out_of(verdict.score, verdict.points)
    else:
        points = NOT_YOU if verdict.status == "grader-error" else "Not graded."
    parts = [message_html(verdict.message)] if verdict.message else []
    for exercise in verdict.exercises:
        picture = curve_svg(exercise.report) if exercise.status != "passed" else None
        # the style stands once in the head
        parts.append(report_html(exercise, picture=picture, rich=True).removeprefix(STYLE).lstrip("\n"))
    title = " · ".join(part for part in (verdict.student, verdict.assignment) if part)
    return PAGE.format(
        title=html.escape(visible(title)), style=STYLE, points=html.escape(points), body="\n".join(parts)
    )


def page_name(text: str) -> str:
    """Return a student's name as the name of a folder or file: no separators, nothing hidden."""
    return re.sub(r"[^\w.@+ -]", "_", visible(text)).strip(". ") or "unnamed"
