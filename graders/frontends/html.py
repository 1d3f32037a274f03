"""A verdict as HTML: the check cell of a notebook, and nbgrader's feedback page.

The two differ in one thing. A feedback page runs every output through nbconvert's ``clean_html``, which drops
``style=`` and shows as text every tag but ``div span strong em code pre ul li`` (a ``<table>`` too: the parser
adds a ``<tbody>`` that is not on the list). So the plain form uses these alone and looks right without any
style; the notebook's form (``rich=True``) has a real table, the picture, and a style block that follows
JupyterLab's colours, light and dark.
"""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

from graders.frontends.text import number, parts_text, points_text, table_lines, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graders.engine.verdict import ExerciseVerdict, Report, ReportLine

STYLE = """<style>
.descentlab { border-left: 4px solid #c62828; padding: 2px 0 2px 12px; max-width: 60em; line-height: 1.45; }
.descentlab.descentlab-passed { border-left-color: #2e7d32; }
.descentlab.descentlab-not-attempted, .descentlab.descentlab-skipped,
.descentlab.descentlab-grader-error, .descentlab.descentlab-message { border-left-color: #808080; }
.descentlab .descentlab-heading { display: flex; justify-content: space-between; gap: 2em; }
.descentlab .descentlab-points { white-space: nowrap; }
.descentlab .descentlab-line { display: flex; gap: 0.75em; }
.descentlab .descentlab-label { flex: 0 0 6em; }
.descentlab .descentlab-heading, .descentlab .descentlab-says { margin-bottom: 0.4em; }
.descentlab .descentlab-says { white-space: pre-wrap; }
.descentlab table.descentlab-numbers { margin: 0.5em 0 0.6em 6.75em; border-collapse: collapse; font-size: inherit; }
.descentlab table.descentlab-numbers th, .descentlab table.descentlab-numbers td {
  background: transparent; color: inherit; border: none; padding: 0.1em 2em 0.1em 0; text-align: right;
  font-family: var(--jp-code-font-family, monospace); font-variant-numeric: tabular-nums; }
.descentlab table.descentlab-numbers tr { background: transparent; }
.descentlab table.descentlab-numbers th[scope="row"] { text-align: left; }
.descentlab img { display: block; background: white; border-radius: 3px; margin-top: 0.5em; max-width: 100%; }
</style>"""


def report_html(verdict: ExerciseVerdict, *, picture: str | None = None, rich: bool = False) -> str:
    """Return the report of one exercise, every text in it escaped.

    Without ``rich`` it survives nbgrader's feedback page (see above), where a picture has to be an output of its
    own, and its words a line here; ``picture`` (SVG) is for pages that keep ``<img>``.
    """
    report = verdict.report
    name, dot, case = report.heading.partition(" · ")
    title = f"<span><strong>{_text(name or verdict.name)}</strong>{_text(dot + case)}</span>"
    points = f'<strong class="descentlab-points">{_text(points_text(verdict))}</strong>'
    # the style puts the points at the right; without it a dot keeps them apart
    parts = [_div("heading", title + (" " if rich else " · ") + points)]
    if verdict.status != "passed":
        parts += _body(report, rich=rich)
    if picture is not None:
        parts.append(_image(picture, report))
    return _page(verdict.status, parts, rich=rich)


def message_html(message: str, *, rich: bool = False) -> str:
    """Return a message that is no verdict, in the same frame."""
    return _page("message", [_div("says", _text(message))], rich=rich)


def _body(report: Report, *, rich: bool) -> list[str]:
    parts = [_line("Agrees", report.agrees), _line("Differs", report.differs)]
    if report.rows:
        parts.append(_table(report.rows) if rich else _preformatted(table_lines(report.rows)))
    parts.append(_div("says", _text(report.off)) if report.off else "")
    parts += _sentences(report.says)
    parts += [_line("Next", report.next), _line("Read again", report.read_again)]
    parts.append(_line("Points", parts_text(report.parts)))
    parts.append(_line("Picture", "" if rich or report.curve is None else picture_words(report)))
    return [part for part in parts if part]


def _page(status: str, parts: Sequence[str], *, rich: bool) -> str:
    page = f'<div class="descentlab descentlab-{status}">\n' + "\n".join(parts) + "\n</div>"
    return f"{STYLE}\n{page}" if rich else page


def _line(label: str, text: str) -> str:
    if not text:
        return ""
    return _div("line", f'<strong class="descentlab-label">{label}</strong> <span>{_text(text)}</span>')


def _sentences(says: Sequence[str]) -> list[str]:
    """Put sentences into one paragraph; one with line breaks of its own is shown as it is typed."""
    parts: list[str] = []
    run: list[str] = []
    for sentence in [*says, "\n"]:
        if "\n" not in sentence:
            run.append(sentence)
            continue
        if run:
            parts.append(_div("says", _text(" ".join(run))))
        if sentence.strip("\n"):
            parts.append(_preformatted(visible(sentence.strip("\n")).splitlines()))
        run = []
    return parts


def _table(rows: Sequence[ReportLine]) -> str:
    header = "".join(f'<th scope="col">{word}</th>' for word in ("yours", "expected", "allowed"))
    lines = [f"<tr><td></td>{header}</tr>"]
    for row in rows:
        cells = "".join(f"<td>{_text(cell)}</td>" for cell in (row.yours, row.expected, row.allowed))
        lines.append(f'<tr><th scope="row">{_text(row.quantity)}</th>{cells}</tr>')
    return '<table class="descentlab-numbers">\n' + "\n".join(lines) + "\n</table>"


def _preformatted(lines: Sequence[str]) -> str:
    return f"<pre>{html.escape(chr(10).join(lines))}</pre>"


def _image(picture: str, report: Report) -> str:
    data = base64.b64encode(picture.encode("utf-8")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" width="520" alt="{_text(picture_words(report))}">'


def picture_words(report: Report) -> str:
    """Return what the curve shows, in words: its alternative text."""
    if report.curve is None:
        return "Your loss against the expected loss."
    yours, expected = report.curve
    return f"Your loss {_course(yours)}; the expected loss {_course(expected)}."


def _course(values: Sequence[float]) -> str:
    if not values:
        return "has no entries"
    return f"goes from {number(values[0])} to {number(values[-1])} in {len(values)} entries"


def _div(role: str, inner: str) -> str:
    return f'<div class="descentlab-{role}">{inner}</div>'


def _text(text: str) -> str:
    return html.escape(visible(text))
