"""What a graded notebook shows: the report and the one number at a check cell, plain captures everywhere else.

nbgrader reads a score out of a check cell's outputs: the first ``execute_result`` that is a float from 0 to the
points; an error or text on stderr is 0; anything else is full points. So a check cell holds exactly one such number,
made here, and nothing of the student's.
"""

from __future__ import annotations

import base64
import binascii
import math
from typing import TYPE_CHECKING, Any

from graders.frontends.curve import curve_svg
from graders.frontends.html import message_html, picture_words, report_html
from graders.frontends.nbgrader.nodes import display_node, error_node, result_node, stream_node
from graders.frontends.text import report_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbformat import NotebookNode

    from graders.engine.verdict import ExerciseVerdict

PNG = b"\x89PNG\r\n\x1a\n"
MOST_TEXT = 100_000  # letters of one output
MOST_OUTPUTS = 200  # of one cell


def score_of(score: float, points: float) -> float:
    """Return a score nbgrader reads as it is meant: finite, from 0 to the points."""
    if not math.isfinite(score):
        raise ValueError(f"the judge's score is {score}")
    return min(max(round(float(score), 9), 0.0), float(points))


def check_outputs(verdict: ExerciseVerdict, points: float, number: int) -> list[NotebookNode]:
    """Return the outputs of a check cell: the report, its picture if there is one, and the score."""
    shown = [display_node({"text/html": report_html(verdict), "text/plain": report_text(verdict)})]
    picture = curve_svg(verdict.report)
    if picture is not None:
        shown.append(display_node({"image/svg+xml": picture, "text/plain": picture_words(verdict.report)}))
    return [*shown, result_node(repr(score_of(verdict.score, points)), number)]


def message_outputs(message: str, number: int) -> list[NotebookNode]:
    """Return the outputs of a check cell that earns nothing because of ``message``."""
    shown = display_node({"text/html": message_html(message), "text/plain": message})
    return [shown, result_node("0.0", number)]


def captured_outputs(outputs: Iterable[Mapping[str, Any]]) -> list[NotebookNode]:
    """Return what a student's cell showed, reduced to text and PNG pictures: no HTML, no scripts."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if len(kept) == MOST_OUTPUTS:
            kept.append(stream_node("... more outputs are not shown ..."))
            break
        made = _captured(output)
        if made is not None:
            kept.append(made)
    return kept


def _captured(output: Mapping[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return stream_node(_plain(output.get("text")), name)
    if kind == "error":
        lines = output.get("traceback")
        traceback = [_plain(line) for line in lines] if isinstance(lines, list | tuple) else []
        return error_node(_plain(output.get("ename")), _plain(output.get("evalue")), traceback)
    data = output.get("data")
    if kind not in {"display_data", "execute_result"} or not isinstance(data, dict):
        return None
    return _data(data)


def _data(data: Mapping[str, Any]) -> NotebookNode | None:
    """Keep a picture only if it is one: its text goes into the page as it stands."""
    kept = {}
    picture = data.get("image/png")
    if isinstance(picture, str | bytes):
        try:
            content = base64.b64decode(picture)
        except (binascii.Error, ValueError):
            content = b""
        if content.startswith(PNG):
            kept["image/png"] = base64.b64encode(content).decode("ascii")
    if "text/plain" in data:
        kept["text/plain"] = _plain(data["text/plain"])
    alt = {"image/png": {"alt": "A picture drawn by this cell."}} if "image/png" in kept else {}
    return display_node(kept, alt) if kept else None


def _plain(text: Any) -> str:
    """Return a student's text without anything that acts on a terminal or a page, and not too much of it."""
    if isinstance(text, list | tuple):
        text = "".join(part for part in text if isinstance(part, str))
    if not isinstance(text, str):
        return ""
    shown = visible(text[:MOST_TEXT])
    return shown + "\n... the rest is not shown ..." if len(text) > MOST_TEXT else shown
