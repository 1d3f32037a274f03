"""Figures judged by what they contain: data, lines, labels, legends. Numpy only; no figure ever gets here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.card import Fault
from graders.engine.figure_parts import (
    NEAR,
    about_lines,
    about_points,
    axes_of,
    curve_sentence,
    equal,
    exchanged_sentences,
    is_used,
    label_of,
    label_sentences,
    legend_sentences,
    shows_line,
    shows_points,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graders.engine.card import Case
    from graders.engine.observation import Observation

    Numbers = np.ndarray[Any, np.dtype[np.float64]]
    Drawn = Mapping[str, Any]
    Picture = tuple[list[str], Drawn | None]

ABOUT_W = re.compile(r"\bw\b|w_|weight|slope", re.IGNORECASE)
ABOUT_B = re.compile(r"\bb\b|b_|bias|intercept", re.IGNORECASE)
ABOUT_X = re.compile(r"^\W*x\b|\binputs?\b", re.IGNORECASE)
ABOUT_Y = re.compile(r"^\W*y\b|\b(targets?|outputs?)\b", re.IGNORECASE)
ABOUT_TIME = re.compile(r"epoch|update|step|iteration", re.IGNORECASE)
ABOUT_EPOCHS = re.compile(r"epoch", re.IGNORECASE)
ABOUT_UPDATES = re.compile(r"update|step|iteration", re.IGNORECASE)
ABOUT_LOSS = re.compile(r"loss|error|mse|cost", re.IGNORECASE)


def fit_plot(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``plot_fit``: data as markers, the line, axis labels, legend, grid."""
    axes = axes_of(observation)
    if axes is None:
        return []
    x, y, w, b = (np.asarray(value, dtype=np.float64).ravel() for value in case.arguments.values())
    faults = []
    if not any(shows_points(one, x, y) for one in axes):
        said = about_points(axes, len(x))
        faults.append(Fault(f"The {len(x)} data points are not drawn as markers{said}.", aspect="markers"))
    if not any(shows_line(one, float(w[0]), float(b[0])) for one in axes):
        faults.append(Fault(f"No line y = w x + b is drawn{about_lines(axes)}.", aspect="line"))
    used = [one for one in axes if is_used(one)]
    sentences = [*label_sentences(observation, used), *exchanged_sentences(observation, used, ABOUT_X, ABOUT_Y)]
    faults += [Fault(sentence, aspect="labels") for sentence in sentences]
    if not any(one["grid"] for one in used):
        faults.append(Fault("The grid is off.", aspect="labels"))
    return faults


def losses_plot(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``plot_losses``: one line per entry, x in order from 0 or 1, axis labels, legend."""
    axes = axes_of(observation)
    if axes is None:
        return []
    (entries,) = case.arguments.values()
    lines = [line for one in axes for line in one["lines"]]
    faults = [
        Fault(sentence, aspect="lines")
        for name, values in entries.items()
        if (sentence := curve_sentence(lines, str(name), np.asarray(values, dtype=np.float64)))
    ]
    faults += _stale(observation, lines, [np.asarray(values, dtype=np.float64) for values in entries.values()])
    used = [one for one in axes if one["lines"]]
    sentences = [
        *_misnamed(lines, entries),
        *label_sentences(observation, used),
        *exchanged_sentences(observation, used, ABOUT_TIME, ABOUT_LOSS),
        *legend_sentences(observation, used, list(map(str, entries))),
    ]
    return faults + [Fault(sentence, aspect="labels") for sentence in sentences]


def paths_plot(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``plot_paths``: contours with the descent paths on them; either orientation if the labels say so."""
    axes = axes_of(observation)
    if axes is None:
        return []
    histories = case.arguments["histories"]
    fields = [one for one in axes if any(map(_is_drawn, one["contours"]))]
    on = fields or axes
    swapped = _orientation(on, list(histories.values()))
    told = _paths_faults(case, observation, fields, on, swapped=swapped)
    if {fault.aspect for fault in told} >= {"contours", "labels"}:
        other = _paths_faults(case, observation, fields, on, swapped=not swapped)
        if {fault.aspect for fault in other} == {"paths"}:  # contours and labels agree: the paths are the odd ones
            return other
    return told


def _paths_faults(
    case: Case, observation: Observation, fields: Sequence[Drawn], on: Sequence[Drawn], *, swapped: bool
) -> list[Fault]:
    """Return what is wrong with a map in one orientation: b across and w up where it is ``swapped``."""
    ws, bs, grid, histories = (case.arguments[name] for name in ("ws", "bs", "grid", "histories"))
    faults = []
    if not fields:
        faults.append(Fault("The figure holds no contours.", aspect="contours"))
    if fields and not _contours_fit(fields, ws, bs, grid, swapped=swapped):
        sentence = "The contours do not belong to the grid: is the first index of the grid w, the second b?"
        faults.append(Fault(sentence, aspect="contours"))
    for name, history in histories.items():
        path = _path(history, swapped=swapped)
        if not any(_same_path(line, path) for one in on for line in [*one["lines"], *one["scatters"]]):
            how = "not drawn on the contours" if fields else "not drawn"
            other = _path(history, swapped=not swapped)
            if any(_same_path(line, other) for one in on for line in [*one["lines"], *one["scatters"]]):
                how = "drawn with w and b exchanged"
            faults.append(Fault(f'The path of "{name}" is {how}.', aspect="paths"))
    every = list(observation.values["figure"]["axes"])
    sentences = [*label_sentences(observation, on), *legend_sentences(observation, on, list(map(str, histories)))]
    for one in on:
        across, up = label_of(one, "x", every), label_of(one, "y", every)
        right = (ABOUT_B, ABOUT_W) if swapped else (ABOUT_W, ABOUT_B)
        wrong = right[::-1]
        told = right[0].search(across) and right[1].search(up)
        contrary = wrong[0].search(across) and wrong[1].search(up) and not told
        if across and up and (contrary or (swapped and not told)):
            sentences.append("The axis labels do not say which axis is w and which is b.")
    return faults + [Fault(sentence, aspect="labels") for sentence in sentences]


def comparison_plot(case: Case, observation: Observation) -> list[Fault]:
    """Judge ``plot_comparison``: loss against epochs and against updates, side by side."""
    axes = axes_of(observation)
    if axes is None:
        return []
    (histories,) = case.arguments.values()
    counted, spaced = _pictures([one for one in axes if one["lines"]] or axes, histories)
    faults = [Fault(sentence, aspect="epochs") for sentence in counted[0]]
    faults += [Fault(sentence, aspect="updates") for sentence in spaced[0]]
    pair = [one for one in (counted[1], spaced[1]) if one is not None]
    if len(pair) < 2 or pair[0] is pair[1] or not _side_by_side(pair[0], pair[1]):
        faults.append(Fault("The two pictures do not stand side by side on two axes.", aspect="labels"))
    sentences = [
        *label_sentences(observation, pair),
        *exchanged_sentences(observation, pair, ABOUT_TIME, ABOUT_LOSS),
        *_miscounted(observation, pair),
        *legend_sentences(observation, pair, list(map(str, histories))),
    ]
    return faults + [Fault(sentence, aspect="labels") for sentence in sentences]


def _miscounted(observation: Observation, pair: Sequence[Drawn]) -> list[str]:
    """Return one sentence where the picture against epochs is labelled as that against updates, and the reverse."""
    every = list(observation.values["figure"]["axes"])
    labels = [label_of(one, "x", every) for one in pair]
    contrary = len(labels) == 2 and ABOUT_UPDATES.search(labels[0]) and ABOUT_EPOCHS.search(labels[1])
    if contrary and not (ABOUT_EPOCHS.search(labels[0]) or ABOUT_UPDATES.search(labels[1])):
        return ["The labels of epochs and of updates are exchanged."]
    return []


def _misnamed(lines: Sequence[Drawn], entries: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each curve that carries the name of another entry."""
    sentences = []
    for name, values in entries.items():
        labels = [line["label"].casefold() for line in lines if equal(line["y"], values)]
        others = [str(other) for other in entries if any(str(other).casefold() in label for label in labels)]
        if others and str(name) not in others:
            sentences.append(f'The line of "{name}" is called "{others[0]}".')
    return sentences


def _stale(observation: Observation, lines: Sequence[Drawn], wanted: Sequence[Numbers]) -> list[Fault]:
    """Name labelled curves of an earlier call that are still in the figure."""
    if not observation.values.get("reused"):
        return []
    old = [line for line in lines if line["label"] and not any(equal(line["y"], values) for values in wanted)]
    if not old:
        return []
    sentence = "The curves of an earlier call are still in the figure."
    return [Fault(sentence, "state-left-between-calls", "lines")]


# -- paths -------------------------------------------------------------------------------------------------------


def _path(history: Mapping[str, Any], *, swapped: bool) -> tuple[Numbers, Numbers]:
    """Return a history's path as (across, up)."""
    w, b = (np.asarray(history[name], dtype=np.float64) for name in ("w", "b"))
    return (b, w) if swapped else (w, b)


def _same_path(drawn: Drawn, path: tuple[Numbers, Numbers]) -> bool:
    return equal(drawn["x"], path[0]) and equal(drawn["y"], path[1])


def _orientation(axes: Sequence[Drawn], histories: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether b runs across and w runs up: more paths are found that way."""
    drawn = [line for one in axes for line in [*one["lines"], *one["scatters"]]]
    found = [
        sum(any(_same_path(line, _path(history, swapped=swapped)) for line in drawn) for history in histories)
        for swapped in (False, True)
    ]
    return found[1] > found[0]


def _contours_fit(fields: Sequence[Drawn], ws: Any, bs: Any, grid: Any, *, swapped: bool) -> bool:
    """Tell whether contour lines stand where the grid has one value each; filled ones and images are believed."""
    ws, bs, grid = (np.asarray(value, dtype=np.float64) for value in (ws, bs, grid))
    points = [np.asarray(one["points"]) for axes in fields for one in axes["contours"] if len(one["points"])]
    if not points or grid.shape != (ws.size, bs.size):
        return True
    table = np.concatenate(points)
    w, b = (table[:, 2], table[:, 1]) if swapped else (table[:, 1], table[:, 2])
    # Contours of the grid are at 0, those of a grid turned, mirrored or shifted beyond 0.006.
    return _disorder(table[:, 0], _interpolate(ws, bs, grid, w, b)) < 0.003


def _is_drawn(contours: Drawn) -> bool:
    """Tell whether contours show anything: levels outside the grid, or none, draw nothing."""
    if contours["kind"] == "lines":
        return len(contours["points"]) > 0
    return contours["kind"] != "filled" or len(contours["levels"]) > 1


def _disorder(levels: Numbers, heights: Numbers) -> float:
    """Return how far points stand from their level when sorted by height (0: one level after the other)."""
    values, own = np.unique(levels, return_inverse=True)
    if values.size < 2:
        return 0.0
    middles = np.array([np.median(heights[own == number]) for number in range(values.size)])
    place = np.argsort(np.argsort(middles))[own]
    ends = np.cumsum(np.bincount(place))
    starts = np.concatenate([[0], ends[:-1]])
    ranks = np.argsort(np.argsort(heights, kind="stable"))
    off = np.maximum(np.maximum(starts[place] - ranks, ranks - (ends[place] - 1)), 0)
    return float(off.mean()) / heights.size


def _interpolate(ws: Numbers, bs: Numbers, grid: Numbers, w: Numbers, b: Numbers) -> Numbers:
    """Return the grid's height at each point, linear between its entries."""
    i = np.clip(np.searchsorted(ws, w) - 1, 0, max(ws.size - 2, 0))
    j = np.clip(np.searchsorted(bs, b) - 1, 0, max(bs.size - 2, 0))
    s, t = (w - ws[i]) / (ws[i + 1] - ws[i]), (b - bs[j]) / (bs[j + 1] - bs[j])
    low = grid[i, j] * (1 - s) + grid[i + 1, j] * s
    high = grid[i, j + 1] * (1 - s) + grid[i + 1, j + 1] * s
    heights: Numbers = low * (1 - t) + high * t
    return heights


# -- comparison --------------------------------------------------------------------------------------------------


def _pictures(axes: Sequence[Drawn], histories: Mapping[str, Any]) -> tuple[Picture, Picture]:
    """Return the two different axes that come nearest to the two pictures, each with what is wrong there."""
    missing = [f'"{name}" is not drawn.' for name in histories]
    if not axes:
        return (missing, None), (missing, None)

    def wrong(one: Drawn, sentence: Callable[[Drawn, str, Any], str]) -> Picture:
        return [said for name, history in histories.items() if (said := sentence(one, str(name), history))], one

    counted = [wrong(one, _epochs_sentence) for one in axes]
    spaced = [wrong(one, _updates_sentence) for one in axes]
    pairs = [(a, b) for i, a in enumerate(counted) for j, b in enumerate(spaced) if i != j or len(axes) == 1]
    return min(pairs, key=lambda pair: len(pair[0][0]) + len(pair[1][0]))


def _epochs_sentence(axes: Drawn, name: str, history: Mapping[str, Any]) -> str:
    """Return what is wrong with one curve against epochs, or ""."""
    said = curve_sentence(axes["lines"], name, np.asarray(history["loss"], dtype=np.float64))
    return f"Against epochs: {said}" if said else ""


def _updates_sentence(axes: Drawn, name: str, history: Mapping[str, Any]) -> str:
    """Return what is wrong with one curve against updates, or ""."""
    loss = np.asarray(history["loss"], dtype=np.float64)
    step = (len(history["w"]) - 1) / max(loss.size, 1)
    curves = [line for line in axes["lines"] if equal(line["y"], loss)]
    if not curves:
        return f'Against updates: no line shows the losses of "{name}".'
    for line in curves:
        x = np.asarray(line["x"], dtype=np.float64)
        if any(
            np.abs(x - (start + step * np.arange(loss.size))).max() <= NEAR * max(step * loss.size, 1)
            for start in (0, 1, step)
        ):
            return ""
    return f'Against updates: the x of "{name}" does not rise by {step:.6g} updates per entry.'


def _side_by_side(left: Drawn, right: Drawn) -> bool:
    """Tell whether two axes stand at the same height and do not overlap."""
    (x1, y1, w1, h1), (x2, y2, w2, h2) = left["position"], right["position"]
    apart = x1 + w1 <= x2 + 1e-6 or x2 + w2 <= x1 + 1e-6
    return bool(apart and min(y1 + h1, y2 + h2) - max(y1, y2) > 0.5 * min(h1, h2))
