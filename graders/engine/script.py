"""A Python file as cells: bytes to text, then one cell for each top-level statement.

Every cell keeps the line numbers of the file, so that a traceback names the line the student sees. A statement
that raises, or does not even parse, costs itself only.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings

MOST_STATEMENTS = 400  # above this, and above MOST_LETTERS, the file runs as one cell
MOST_LETTERS = 400_000
MOST_MERGED = 40  # pieces tried together before one is taken for broken
_MARK = re.compile(r"^#[ \t]*%%(?P<rest>.*)$")
_TEXT_CELL = re.compile(r"\[(?:markdown|md|raw)\]")
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b|[)\]}]")


def decoded(data: bytes) -> str:
    """Return a file's text: byte order mark, encoding cookie, UTF-8, and Latin-1 as the last resort."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else [_cookie(data), "utf-8-sig"]
    for encoding in encodings:
        try:
            return _unified(data.decode(encoding))
        except Exception:  # noqa: S112 - codecs raise whatever they like; the next one is tried
            continue
    return _unified(data.decode("latin-1"))


def _cookie(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return "utf-8-sig"


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def script_cells(text: str) -> list[str]:
    """Split a Python file: at its ``# %%`` marks if it has any, otherwise at its top-level statements."""
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if _MARK.match(line)]
    if marks:
        spans = _marked(lines, marks)
    elif len(text) > MOST_LETTERS:
        spans = [(0, len(lines))]
    else:
        spans = _statements(lines)
    future = _future(text)
    return [_placed(lines, start, stop, future) for start, stop in spans if _holds_code(lines[start:stop])]


def _marked(lines: list[str], marks: list[int]) -> list[tuple[int, int]]:
    ends = [*marks[1:], len(lines)]
    spans = [(0, marks[0])]
    for mark, end in zip(marks, ends, strict=True):
        match = _MARK.match(lines[mark])
        assert match is not None
        if not _TEXT_CELL.search(match["rest"]):
            spans.append((mark + 1, end))
    return spans


def _statements(lines: list[str]) -> list[tuple[int, int]]:
    """Return one span of lines for each top-level statement; pieces that do not parse stand alone."""
    try:
        body = _parsed("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        spans = _pieces(lines)
    else:
        starts = sorted({_first_line(statement) for statement in body})
        spans = list(zip([0, *starts[1:]], [*starts[1:], len(lines)], strict=True)) if starts else []
    return spans if len(spans) <= MOST_STATEMENTS else [(0, len(lines))]


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return int(min([statement.lineno, *(decorator.lineno for decorator in decorators)])) - 1


def _pieces(lines: list[str]) -> list[tuple[int, int]]:
    """Split a file that does not parse at its left margin, and join pieces that parse only together."""
    starts = [0]
    decorated = False
    for number, line in enumerate(lines):
        if not line.strip() or line[0] in " \t#" or _CONTINUES.match(line):
            continue
        if number and not decorated:
            starts.append(number)
        decorated = line.startswith("@")
    bounds = [*starts, len(lines)]
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(starts) and len(spans) <= MOST_STATEMENTS:
        to = next(
            (
                end
                for end in range(at + 1, min(at + MOST_MERGED, len(bounds) - 1) + 1)
                if _parses(lines[bounds[at] : bounds[end]])
            ),
            at + 1,
        )
        spans.append((bounds[at], bounds[to]))
        at = to
    return spans


def _parses(lines: list[str]) -> bool:
    try:
        _parsed("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _holds_code(lines: list[str]) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)


def _future(text: str) -> str:
    names = re.findall(r"^from __future__ import ([\w, ]+)", text, re.MULTILINE)
    return f"from __future__ import {', '.join(names)}" if names else ""


def _placed(lines: list[str], start: int, stop: int, future: str) -> str:
    """Return the lines with empty ones before them; a ``__future__`` import of the file holds in every cell.

    The first line is never empty, since IPython removes empty lines at the top.
    """
    source = "\n".join(lines[start:stop]).rstrip("\n")
    if not start:
        return source
    return (future if future not in source else "#").ljust(1, "#") + "\n" * start + source
