"""What a figure's plain contents show: points, lines, curves, labels, legends."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graders.engine.observation import Observation

    Numbers = np.ndarray[Any, np.dtype[np.float64]]
    Drawn = Mapping[str, Any]

NEAR = 1e-5  # a picture may be drawn in float32


# -- what a figure shows -----------------------------------------------------------------------------------------


def axes_of(observation: Observation) -> list[Drawn] | None:
    """Return the axes of the figure, or None where there is none (the probe has said so)."""
    figure = observation.values.get("figure")
    return None if figure is None else list(figure["axes"])


def is_used(axes: Drawn) -> bool:
    """Tell whether anything is drawn on the axes."""
    return bool(axes["lines"] or axes["axlines"] or axes["scatters"] or axes["contours"])


def equal(left: Any, right: Any) -> bool:
    """Tell whether two rows of numbers are the same in a picture; not-finite entries must match."""
    a, b = np.asarray(left, dtype=np.float64).ravel(), np.asarray(right, dtype=np.float64).ravel()
    if a.shape != b.shape:
        return False
    finite = np.isfinite(b)
    if not finite.any():
        return not np.isfinite(a).any()
    scale = max(float(np.abs(b[finite]).max()), 1e-300)
    return bool((np.isfinite(a) == finite).all() and np.abs(a - b)[finite].max() <= NEAR * scale)


def _marked(axes: Drawn) -> list[tuple[Numbers, Numbers]]:
    """Return the points of everything that is drawn with markers."""
    lines = [line for line in axes["lines"] if line["marker"]]
    return [(np.asarray(one["x"]), np.asarray(one["y"])) for one in [*lines, *axes["scatters"]]]


def shows_points(axes: Drawn, x: Numbers, y: Numbers) -> bool:
    """Tell whether markers stand at the data, drawn at once or point by point, in any order."""
    groups = _marked(axes)
    single = [group for group in groups if group[0].size == group[1].size == 1]
    if single:
        groups.append((np.concatenate([g[0] for g in single]), np.concatenate([g[1] for g in single])))
    return any(_same_points(group, (x, y)) for group in groups)


def _same_points(left: tuple[Numbers, Numbers], right: tuple[Numbers, Numbers]) -> bool:
    if left[0].size != right[0].size or left[0].size != left[1].size:
        return False
    scale = [max(float(np.abs(column).max(initial=0.0)), 1e-300) for column in right]
    first, second = (
        np.round(np.column_stack([columns[0] / scale[0], columns[1] / scale[1]]), 4) + 0.0 for columns in (left, right)
    )
    if Counter(map(tuple, first.tolist())) == Counter(map(tuple, second.tolist())):
        return True
    order = [np.lexsort((columns[1], columns[0])) for columns in (left, right)]
    return all(equal(a[order[0]], b[order[1]]) for a, b in zip(left, right, strict=True))


def shows_line(axes: Drawn, w: float, b: float) -> bool:
    """Tell whether a line with at least two points of different x lies on y = w x + b."""
    return line_range(axes, w, b) is not None


def line_range(axes: Drawn, w: float, b: float) -> tuple[float, float] | None:
    """Return from where to where lines lie on y = w x + b; None where none with two points of different x does."""
    if any(_lies_on(line, w, b) for line in axes["axlines"]):
        return -np.inf, np.inf
    found = [np.asarray(line["x"]) for line in axes["lines"] if line["linestyle"] and _lies_on(line, w, b)]
    return (min(float(x.min()) for x in found), max(float(x.max()) for x in found)) if found else None


def _lies_on(line: Drawn, w: float, b: float) -> bool:
    x, y = np.asarray(line["x"], dtype=np.float64), np.asarray(line["y"], dtype=np.float64)
    if x.size != y.size or x.size < 2 or not np.isfinite(x).all() or np.ptp(x) == 0:
        return False
    scale = max(float(np.abs(w * x).max()), abs(b), 1e-300)
    return bool(np.isfinite(y).all() and np.abs(y - (w * x + b)).max() <= NEAR * scale)


def about_points(axes: Sequence[Drawn], n: int) -> str:
    """Return what the markers show instead."""
    groups = [group for one in axes for group in _marked(one)]
    if not groups:
        return ": nothing in the figure has markers"
    sizes = sorted({group[0].size for group in groups})
    return (
        f": the markers in the figure stand at {sizes[0]} points" if sizes != [n] else ": the markers stand elsewhere"
    )


def about_lines(axes: Sequence[Drawn]) -> str:
    """Return what is drawn instead of the line."""
    drawn = [line for one in axes for line in one["lines"] if line["linestyle"]]
    if not drawn and not any(one["axlines"] for one in axes):
        return ": the figure holds no line"
    if any(one["axlines"] for one in axes) or any(np.asarray(line["x"]).size > 1 for line in drawn):
        return ": the lines in the figure have another slope or intercept, or are not straight"
    return ": the lines in the figure hold one point each"


def curve_sentence(lines: Sequence[Drawn], name: str, values: Numbers) -> str:
    """Return what is wrong with the curve of one entry, or ""."""
    matches = [line for line in lines if equal(line["y"], values)]
    if not matches:
        return f'No line shows the values of "{name}".'
    drawn = [line for line in matches if line["linestyle"] or line["marker"]]
    if not drawn:
        return f'The line of "{name}" is invisible.'
    if not any(_counts(line["x"]) for line in drawn):
        return f'The x of the line of "{name}" does not count 0, 1, 2, … or 1, 2, 3, …'
    return ""


def _counts(x: Any) -> bool:
    """Tell whether x counts up from 0 or from 1 in steps of one."""
    x = np.asarray(x, dtype=np.float64)
    return bool(x.size and x[0] in (0.0, 1.0) and np.array_equal(x, x[0] + np.arange(x.size)))


# -- labels and legends ------------------------------------------------------------------------------------------


def label_sentences(observation: Observation, used: Sequence[Drawn]) -> list[str]:
    """Return one sentence per missing label, and one for a missing legend."""
    figure = observation.values["figure"]
    every = list(figure["axes"])
    sentences = []
    for axis in ("x", "y"):
        shared = figure[f"sup{axis}label"].strip()
        if any(not (shared or label_of(one, axis, every)) for one in used) or not used:
            sentences.append(f"The {axis}-axis has no label.")
    if not legend_texts(observation, used):
        sentences.append("There is no legend.")
    return sentences


def label_of(axes: Drawn, axis: str, every: Sequence[Drawn]) -> str:
    """Return the axis label, or that of an axes it shares the axis with."""
    partners = [every[index] for index in axes[f"shares_{axis}"] if index < len(every)]
    return next((text for one in [axes, *partners] if (text := one[f"{axis}label"].strip())), "")


def exchanged_sentences(
    observation: Observation, used: Iterable[Drawn], across: re.Pattern[str], up: re.Pattern[str]
) -> list[str]:
    """Return one sentence where the label of each axis speaks of the other one, and of the other one only."""
    every = list(observation.values["figure"]["axes"])
    for one in used:
        bottom, side = label_of(one, "x", every), label_of(one, "y", every)
        if up.search(bottom) and across.search(side) and not (across.search(bottom) or up.search(side)):
            return ["The labels of the x-axis and the y-axis are exchanged."]
    return []


def legend_texts(observation: Observation, used: Iterable[Drawn]) -> list[str]:
    """Return every text of every legend, of the axes and of the figure."""
    texts = [text for one in used for text in one["legend"]] + list(observation.values["figure"]["legend"])
    # twin axes carry their legend on an axes without lines
    texts += [text for one in observation.values["figure"]["axes"] for text in one["legend"]]
    return list(dict.fromkeys(text for text in texts if text.strip()))


def legend_sentences(observation: Observation, used: Sequence[Drawn], names: Sequence[str]) -> list[str]:
    """Return one sentence for the entries that the legend does not name."""
    texts = legend_texts(observation, used)
    if not texts:
        return []
    missing = [name for name in names if not any(name.casefold() in text.casefold() for text in texts)]
    return [f"The legend does not name {', '.join(map(repr, missing))}."] if missing else []


def misnamed_sentences(
    lines: Sequence[Drawn], entries: Mapping[str, Any], shows: Callable[[Drawn, Any], bool]
) -> list[str]:
    """Return one sentence for each curve that carries the name of another entry."""
    sentences = []
    for name, values in entries.items():
        labels = [line["label"].casefold() for line in lines if shows(line, values)]
        others = [str(other) for other in entries if any(str(other).casefold() in label for label in labels)]
        if others and str(name) not in others:
            sentences.append(f'The line of "{name}" is called "{others[0]}".')
    return sentences
