"""The picture of descent paths on lines of equal loss, judged by what it contains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.card import Fault
from graders.engine.figure_parts import (
    axes_of,
    equal,
    label_of,
    label_sentences,
    legend_sentences,
    misnamed_sentences,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graders.engine.card import Case
    from graders.engine.observation import Observation

    Numbers = np.ndarray[Any, np.dtype[np.float64]]
    Drawn = Mapping[str, Any]

ABOUT_W = re.compile(r"\bw\b|w_|weight|slope", re.IGNORECASE)
ABOUT_B = re.compile(r"\bb\b|b_|bias|intercept", re.IGNORECASE)
ASTRAY = 0.005  # 0 for contours of the grid; if turned, mirrored, shifted: over 0.15 on public, 0.013 on drawn maps


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
        how, mistake = _path_problem(on, _path(history, swapped=swapped), drawn_on="the contours" if fields else "")
        if how:
            faults.append(Fault(f'The path of "{name}" is {how}.', mistake, "paths"))
    every = list(observation.values["figure"]["axes"])
    walks = {name: _path(history, swapped=swapped) for name, history in histories.items()}
    sentences = [
        *misnamed_sentences([line for one in on for line in one["lines"]], walks, _same_path),
        *label_sentences(observation, on),
        *legend_sentences(observation, on, list(map(str, histories))),
    ]
    for one in on:
        across, up = label_of(one, "x", every), label_of(one, "y", every)
        right = (ABOUT_B, ABOUT_W) if swapped else (ABOUT_W, ABOUT_B)
        wrong = right[::-1]
        told = right[0].search(across) and right[1].search(up)
        contrary = wrong[0].search(across) and wrong[1].search(up) and not told
        if across and up and (contrary or (swapped and not told)):
            sentences.append("The axis labels do not say which axis is w and which is b.")
    return faults + [Fault(sentence, aspect="labels") for sentence in sentences]


def _path(history: Mapping[str, Any], *, swapped: bool) -> tuple[Numbers, Numbers]:
    """Return a history's path as (across, up)."""
    w, b = (np.asarray(history[name], dtype=np.float64) for name in ("w", "b"))
    return (b, w) if swapped else (w, b)


def _path_problem(on: Sequence[Drawn], path: tuple[Numbers, Numbers], *, drawn_on: str) -> tuple[str, str | None]:
    """Return what is wrong with the drawing of one path, or "", and the mistake that draws exactly this."""

    def drawn(kind: str, across: Numbers, up: Numbers) -> bool:
        return any(_same_path(one, (across, up)) for axes in on for one in axes[kind])

    across, up = path
    if any(drawn(kind, across, up) for kind in ("lines", "scatters")):
        return "", None
    if any(drawn(kind, up, across) for kind in ("lines", "scatters")):
        return "drawn with w and b exchanged", "swapped-weight-and-bias"
    if len(across) > 2 and drawn("lines", across[1:], up[1:]):
        return "drawn without its start", "initial-parameters-missing"
    return f"not drawn on {drawn_on}" if drawn_on else "not drawn", None


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
    """Tell whether the contour lines, or the edges of filled ones, of each set stand where the grid has one value."""
    ws, bs, grid = (np.asarray(value, dtype=np.float64) for value in (ws, bs, grid))
    if grid.shape != (ws.size, bs.size):
        return True
    sets = [np.asarray(one["points"]) for axes in fields for one in axes["contours"] if len(one["points"])]
    return all(_astray(ws, bs, grid, points[:, [0, 2, 1]] if swapped else points) < ASTRAY for points in sets)


def _is_drawn(contours: Drawn) -> bool:
    """Tell contours that show something: levels outside the grid, or none, draw nothing; a mesh has no levels."""
    if contours["kind"] == "filled":
        return len(contours["levels"]) > 1
    return contours["kind"] == "lines" and len(contours["points"]) > 0


def _astray(ws: Numbers, bs: Numbers, grid: Numbers, points: Numbers) -> float:
    """Return the share of points (level, w, b) where the grid passes by the value that most points of the level share.

    Whatever monotone function of the grid is drawn, a line crosses an edge or a cell whose corners lie on both sides.
    """
    low, high = _corners(ws, bs, grid, points[:, 1], points[:, 2])
    slack = 1e-5 * float(np.ptp(grid))
    missed = 0
    for level in np.unique(points[:, 0]):
        own = points[:, 0] == level
        least, most = low[own] - slack, high[own] + slack
        crossed = (least[:, None] <= least) & (least <= most[:, None])  # the value of each column, by each row's point
        missed += int(own.sum() - crossed.sum(axis=0).max())
    return missed / len(points)


def _corners(ws: Numbers, bs: Numbers, grid: Numbers, w: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Return the lowest and the highest entry of the grid at the ends of each point's edge, or corners of its cell."""
    (i, up), (j, right) = _between(ws, w), _between(bs, b)
    around = np.stack([grid[i, j], grid[up, j], grid[i, right], grid[up, right]])
    return around.min(axis=0), around.max(axis=0)


def _between(ticks: Numbers, at: Numbers) -> tuple[Any, Any]:
    """Return the indices of the ticks on both sides of each number, twice the same where it lies on one."""
    place = np.interp(at, ticks, np.arange(ticks.size))
    place = np.where(np.abs(place - np.round(place)) < 1e-4, np.round(place), place)
    return np.floor(place).astype(int), np.ceil(place).astype(int)
