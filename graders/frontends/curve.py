"""The picture of a report: a student's loss against the expected loss, as SVG.

Written directly: a plotting library takes fifty times as long as everything else in a report, and would use the
settings of the student's own session in a notebook.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graders.engine.verdict import Report

WIDTH, HEIGHT = 520, 260
LEFT, RIGHT, TOP, BOTTOM = 78, 507, 12, 213  # of the axes, in the picture's units
ROOM = 0.04  # of the axes' height, above and below
LOG_RATIO = 50.0  # from here on a straight axis would hide the small values
TICKS = 8  # at most this many numbers under the axis
MANY = 40  # entries from which on markers would only clutter
LARGEST = 1e250  # beyond this an axis cannot be drawn in float64
SMALLEST = 1e-290  # a range below this has no steps in float64
LETTER = 6.6  # a letter's width: only the legend's place depends on it
SHELL = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
    'font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" fill="black" role="img">'
)


@dataclass(frozen=True)
class Series:
    """One line: its values, label, colour, and width."""

    values: Sequence[float]
    label: str
    color: str
    width: float


@dataclass(frozen=True)
class Axis:
    """Where values lie in the picture: ``low`` at ``start``, ``high`` at ``end``, straight or by logarithms."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Return the coordinate of a value."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        share = (self._scaled(value) / 2 - low / 2) / (high / 2 - low / 2) if high != low else 0.5
        return round(self.start + share * (self.end - self.start), 2)

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.logarithmic else value


def curve_svg(report: Report) -> str | None:
    """Return the picture of ``report.curve``, or None where there is none to draw."""
    if report.curve is None:
        return None
    yours, expected = (_drawable(values) for values in report.curve)
    known = [value for value in (*yours, *expected) if math.isfinite(value)]
    if not known:
        return None
    logarithmic = needs_log_scale(known)
    ticks = log_ticks(min(known), max(known)) if logarithmic else straight_ticks(min(known), max(known))
    last = max(len(yours), len(expected), 2) - 1
    margin = ROOM * (BOTTOM - TOP)
    across = Axis(-ROOM * last, (1 + ROOM) * last, LEFT, RIGHT)
    up = Axis(min(ticks), max(ticks), BOTTOM - margin, TOP + margin, logarithmic)
    lines = [Series(expected, "expected", "#9e9e9e", 4.0), Series(yours, "yours", "#b3261e", 1.6)]
    parts = [
        SHELL,
        "<title>Your loss and the expected loss</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_grid(across, up, whole_ticks(max(len(yours), len(expected)) - 1), ticks),
        *(part for line in lines for part in _line(line, across, up)),
        *_legend(lines, to_the_left=_rises(yours)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def needs_log_scale(values: Sequence[float]) -> bool:
    """Tell whether the values, all positive, span too much for a straight axis."""
    return min(values) > 0 and max(values) / min(values) > LOG_RATIO


def whole_ticks(last: int) -> list[int]:
    """Return at most eight whole numbers from 0 to ``last``, evenly spaced."""
    step = next(size * 10**power for power in range(20) for size in (1, 2, 5) if last / (size * 10**power) < TICKS)
    return list(range(0, last + 1, step))


def log_ticks(low: float, high: float) -> list[float]:
    """Return some powers of ten from below ``low`` to above ``high``."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    step = max(1, math.ceil((last - first) / 6))
    return [float(f"1e{max(power, -323)}") for power in range(first, last + step, step)]


def straight_ticks(low: float, high: float) -> list[float]:
    """Return evenly spaced round numbers around ``low`` and ``high``, at most eight."""
    middle = max(abs(low), abs(high))
    if middle < SMALLEST:
        return [-1.0, 0.0, 1.0]
    if high - low <= 1e-9 * middle:  # one value only
        low, high = low - 0.5 * middle, high + 0.5 * middle
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(size * power for size in (1.0, 2.0, 2.5, 5.0, 10.0) if size * power * 5 >= (high - low) * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _grid(across: Axis, up: Axis, entries: Sequence[int], ticks: Sequence[float]) -> Iterator[str]:
    """Draw the grid, the frame, and the numbers and names of the axes."""
    stroke = 'stroke="#e0e0e0" stroke-width="0.8"'
    for entry in entries:
        x = across.place(entry)
        yield f'<line x1="{x}" y1="{TOP}" x2="{x}" y2="{BOTTOM}" {stroke}/>'
        yield f'<text x="{x}" y="{BOTTOM + 16}" text-anchor="middle">{entry}</text>'
    digits = 3 if up.logarithmic else 6
    for tick in ticks:
        y = up.place(tick)
        yield f'<line x1="{LEFT}" y1="{y}" x2="{RIGHT}" y2="{y}" {stroke}/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:g}" text-anchor="end">{tick:.{digits}g}</text>'
    yield (
        f'<rect x="{LEFT}" y="{TOP}" width="{RIGHT - LEFT}" height="{BOTTOM - TOP}" '
        'fill="none" stroke="black" stroke-width="0.8"/>'
    )
    middle = (TOP + BOTTOM) / 2
    yield f'<text x="{(LEFT + RIGHT) / 2:g}" y="{HEIGHT - 10}" text-anchor="middle">entry of the loss</text>'
    yield f'<text x="14" y="{middle:g}" text-anchor="middle" transform="rotate(-90 14 {middle:g})">loss</text>'


def _line(line: Series, across: Axis, up: Axis) -> Iterator[str]:
    """Draw one line; a value that cannot be drawn is a gap."""
    for piece in _pieces(line.values):
        points = [(across.place(entry), up.place(value)) for entry, value in piece]
        path = " ".join(f"{x},{y}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{line.color}" stroke-width="{line.width}"/>'
        if len(line.values) <= MANY:
            yield from (
                f'<circle cx="{x}" cy="{y}" r="{line.width / 2 + 1.2:g}" fill="{line.color}"/>' for x, y in points
            )


def _legend(lines: Sequence[Series], *, to_the_left: bool) -> Iterator[str]:
    width = 34 + LETTER * max(len(line.label) for line in lines)
    x = LEFT + 12 if to_the_left else RIGHT - 12 - width
    yield f'<rect x="{x - 4:g}" y="{TOP + 5}" width="{width + 8:g}" height="40" fill="white" fill-opacity="0.8"/>'
    for number, line in enumerate(lines):
        y = TOP + 17 + 18 * number
        stroke = f'stroke="{line.color}" stroke-width="{line.width}"'
        yield f'<line x1="{x:g}" y1="{y}" x2="{x + 26:g}" y2="{y}" {stroke}/>'
        yield f'<text x="{x + 34:g}" y="{y + 4}">{escape(line.label)}</text>'


def _rises(values: Sequence[float]) -> bool:
    """Tell whether the line ends above its start: then the upper left corner is free."""
    known = [value for value in values if math.isfinite(value)]
    return len(known) > 1 and known[-1] > known[0]


def _pieces(values: Sequence[float]) -> Iterator[list[tuple[int, float]]]:
    """Yield the runs of values that can be drawn, with their places."""
    piece: list[tuple[int, float]] = []
    for entry, value in enumerate(values):
        if math.isfinite(value):
            piece.append((entry, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _drawable(values: Sequence[float]) -> list[float]:
    """Return the values with NaN (a gap in the line) for those that cannot be drawn."""
    return [value if abs(value) < LARGEST else math.nan for value in map(float, values)]
