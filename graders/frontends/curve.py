"""The picture of a report: a student's loss against the expected loss, as a PNG."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from graders.engine.verdict import Report

INCHES = (5.2, 2.6)
DOTS_PER_INCH = 140  # shown at 100 dots per inch, so it is sharp on a dense screen
LOG_RATIO = 50.0  # from here on a straight axis would hide the small values
TICKS = 8  # at most this many numbers under the axis
MANY = 40  # entries from which on markers would only clutter
LARGEST = 1e250  # beyond this an axis cannot be drawn in float64
STYLE: dict[Any, Any] = {
    "text.usetex": False,
    "font.family": ["sans-serif"],
    "font.size": 9.0,
    "text.color": "black",
    "axes.labelcolor": "black",
    "axes.edgecolor": "black",
    "axes.facecolor": "white",
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
    "figure.constrained_layout.use": False,
    "figure.autolayout": False,
    "xtick.color": "black",
    "ytick.color": "black",
    "path.sketch": None,
    "path.effects": [],
}


def curve_png(report: Report) -> bytes | None:
    """Return the picture of ``report.curve``, or None where there is none to draw.

    Draws on a canvas of its own: pyplot's figures, backend and settings, which belong to the student, are
    neither used nor changed. The few ticks are set by hand: finding them costs matplotlib more than drawing.
    """
    if report.curve is None:
        return None
    yours, expected = (_drawable(values) for values in report.curve)
    known = [value for value in (*yours, *expected) if math.isfinite(value)]
    if not known:
        return None
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullLocator

    logarithmic = needs_log_scale(known)
    across = whole_ticks(max(len(yours), len(expected)) - 1)
    up = log_ticks(min(known), max(known)) if logarithmic else straight_ticks(min(known), max(known))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, facecolor="white")
        canvas: Any = FigureCanvasAgg(figure)
        axes = figure.add_axes((0.15, 0.18, 0.825, 0.78))
        if logarithmic:
            axes.set_yscale("log")
            axes.yaxis.set_minor_locator(NullLocator())
        _line(axes, expected, "expected", "#9e9e9e", 4.0)
        _line(axes, yours, "yours", "#b3261e", 1.4)
        axes.set_xticks(across, [str(tick) for tick in across])
        axes.set_yticks(up, [f"{tick:.6g}" for tick in up])
        axes.set_xlabel("entry of the loss")
        axes.set_ylabel("loss")
        axes.grid(visible=True, color="0.88", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, fontsize=9.0, loc="upper right")
        file = io.BytesIO()
        canvas.print_png(file, metadata={"Software": None})
    return file.getvalue()


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
    return [float(f"1e{power}") for power in range(first, last + step, step)]


def straight_ticks(low: float, high: float) -> list[float]:
    """Return evenly spaced round numbers around ``low`` and ``high``."""
    from matplotlib.ticker import MaxNLocator

    middle = max(abs(low), abs(high))
    if high - low <= 1e-9 * middle:  # one value only
        low, high = low - 0.5 * (middle or 1.0), high + 0.5 * (middle or 1.0)
    return [float(tick) for tick in MaxNLocator(5).tick_values(low, high)]


def _line(axes: Axes, values: Sequence[float], label: str, color: str, width: float) -> None:
    marker = "o" if len(values) <= MANY else ""
    axes.plot(
        range(len(values)),
        values,
        color=color,
        label=label,
        linewidth=width,
        marker=marker,
        markersize=width + 2.0,
    )


def _drawable(values: Sequence[float]) -> list[float]:
    """Return the values with NaN (a gap in the line) for those that cannot be drawn."""
    return [value if abs(value) < LARGEST else math.nan for value in map(float, values)]
