"""A matplotlib figure as plain data: what is drawn, where, and how it is labelled."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection, QuadMesh
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.image import AxesImage
from matplotlib.lines import AxLine, Line2D
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.container import Container
    from matplotlib.legend import Legend

HIDDEN = ("None", "none", "", " ", None)
VERTICES = 40  # of each contour level, spread evenly


def figure_of(result: Any) -> Figure | None:
    """Return the figure a result is or belongs to: a Figure, Axes, any artist, pyplot, or a collection of these."""
    if isinstance(result, Figure):
        return result
    if isinstance(result, Artist):
        owner: Any = result if isinstance(result, FigureBase) else result.figure
        while isinstance(owner, SubFigure):
            owner = getattr(owner, "_root_figure", owner.figure)  # before 3.10 ``figure`` is the root
        return owner if isinstance(owner, Figure) else None
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if result is not None and result is pyplot:
        return figure_of(pyplot.gcf()) if pyplot.get_fignums() else None
    if isinstance(result, np.ndarray) and result.dtype == object:
        return figure_of(result.ravel().tolist())
    if isinstance(result, dict):
        return figure_of(list(result.values()))
    if isinstance(result, (tuple, list)):
        return next((found for found in map(figure_of, result) if found is not None), None)
    return None


def contents(figure: Figure) -> dict[str, Any]:
    """Return a figure's axes, legends and titles. Nothing of it needs to be open or drawn."""
    axes = [one for one in figure.axes if not _is_colorbar(one)]
    return {
        "axes": [_axes(one, axes, _figure_legends(figure)) for one in axes],
        "legend": [text for legend in _figure_legends(figure) for text in _texts(legend)],
        "suptitle": _words(getattr(figure, "_suptitle", None)),
        "supxlabel": _words(getattr(figure, "_supxlabel", None)),
        "supylabel": _words(getattr(figure, "_supylabel", None)),
    }


def _is_colorbar(axes: Axes) -> bool:
    """Tell a colour bar from a picture: it holds a mesh of its own and needs no label."""
    return hasattr(axes, "_colorbar") or axes.get_label() == "<colorbar>"


def _figure_legends(figure: FigureBase) -> list[Legend]:
    inner = [legend for sub in getattr(figure, "subfigs", []) for legend in _figure_legends(sub)]
    return [*figure.legends, *inner]


def _axes(axes: Axes, every: list[Axes], outer: list[Legend]) -> dict[str, Any]:
    legends: list[Any] = [
        one for one in [axes.get_legend(), *axes.artists] if one is not None and hasattr(one, "get_texts")
    ]
    entries = [entry for legend in [*legends, *outer] for entry in _entries(legend)]
    lines = [line for line in axes.lines if line.get_visible()]
    labels = _labels(lines, _container_labels(axes), entries)
    collections = [one for one in axes.collections if one.get_visible()]
    return {
        "lines": [
            _line(line, label)
            for line, label in zip(lines, labels, strict=True)
            if not isinstance(line, AxLine) and _in_data(axes, line)
        ]
        + [piece for one in collections if isinstance(one, LineCollection) for piece in _segments(one)],
        "axlines": [_axline(line) for line in lines if isinstance(line, AxLine)],
        "scatters": [_scatter(one) for one in collections if isinstance(one, PathCollection)],
        "contours": [_contour(one) for one in [*collections, *axes.images] if _is_field(one)],
        "xlabel": str(axes.get_xlabel()) or _outer_label(axes, "x"),
        "ylabel": str(axes.get_ylabel()) or _outer_label(axes, "y"),
        "title": " ".join(filter(None, (str(axes.get_title(loc=place)) for place in ("left", "center", "right")))),
        "xscale": str(axes.get_xscale()),
        "yscale": str(axes.get_yscale()),
        "grid": _has_grid(axes.xaxis) or _has_grid(axes.yaxis),
        "legend": [text for legend in legends for text in _texts(legend)],
        "position": _position(axes),
        "shares_x": [index for index, other in enumerate(every) if axes.get_shared_x_axes().joined(axes, other)],
        "shares_y": [index for index, other in enumerate(every) if axes.get_shared_y_axes().joined(axes, other)],
    }


def _position(axes: Axes) -> list[float]:
    """Return (left, bottom, width, height) as shares of the whole figure, whatever subfigure the axes stand in."""
    owner: Any = axes.figure
    corners = _placed(axes).corners()[[0, 3]]
    while isinstance(owner, SubFigure):
        parent: Any = getattr(owner, "_parent", owner.figure)
        corners = parent.transSubfigure.inverted().transform(owner.transSubfigure.transform(corners))
        owner = parent
    (left, bottom), (right, top) = ((float(x), float(y)) for x, y in corners)
    return [left, bottom, right - left, top - bottom]


def _placed(axes: Axes) -> Bbox:
    """Return where the axes stand in their figure, also where a divider places them when they are drawn."""
    locator: Any = axes.get_axes_locator()
    try:
        return axes.get_position() if locator is None else Bbox(locator(axes, None).get_points())
    except Exception:  # a locator that needs a renderer
        return axes.get_position()


def _outer_label(axes: Axes, axis: str) -> str:
    """Return the label that the subfigure of the axes carries for them, or ""."""
    owner: Any = axes.figure
    return _words(getattr(owner, f"_sup{axis}label", None)) if isinstance(owner, SubFigure) else ""


def _has_grid(axis: Axis) -> bool:
    """Tell whether an axis has grid lines, without making all its ticks, which takes longer than all the rest."""
    if axis.get_tick_params(which="major").get("gridOn", False):
        return True
    return any(tick.gridline.get_visible() for tick in vars(axis).get("majorTicks", ()))


def _in_data(axes: Axes, line: Line2D) -> bool:
    """Tell a curve from a guide (axhline, axvline), one of whose coordinates is a share of the axes."""
    return all(line.get_transform().contains_branch_seperately(axes.transData))


def _line(line: Line2D, label: str) -> dict[str, Any]:
    marker, style = line.get_marker(), line.get_linestyle()
    return {
        "x": _numbers(line.get_xdata(orig=False)),
        "y": _numbers(line.get_ydata(orig=False)),
        "label": label,
        "marker": "" if marker in HIDDEN else str(marker),
        "linestyle": "" if style in HIDDEN or line.get_linewidth() == 0 else str(style),
    }


def _segments(collection: LineCollection) -> list[dict[str, Any]]:
    """Return the pieces of a LineCollection as lines, and the whole where each piece begins where the last ends."""
    label = _own(str(collection.get_label()))
    pieces = [piece for piece in map(np.asarray, collection.get_segments()) if piece.ndim == 2 and len(piece)]
    if len(pieces) > 1 and all(np.array_equal(a[-1], b[0]) for a, b in pairwise(pieces)):
        pieces.append(np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]))
    return [
        {"x": _numbers(piece[:, 0]), "y": _numbers(piece[:, 1]), "label": label, "marker": "", "linestyle": "-"}
        for piece in pieces
    ]


def _axline(line: Any) -> dict[str, Any]:
    """Return two points of an endless line (both of them finite, in data coordinates)."""
    x1, y1 = (float(number) for number in line.get_xy1())
    other, slope = line.get_xy2(), line.get_slope()
    x2, y2 = (float(n) for n in other) if other is not None else (x1 + 1.0, y1 + float(slope or 0.0))
    return {"x": np.array([x1, x2]), "y": np.array([y1, y2]), "label": _own(str(line.get_label()))}


def _scatter(collection: PathCollection) -> dict[str, Any]:
    offsets = np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=np.float64), np.nan).reshape(-1, 2)
    return {"x": offsets[:, 0].copy(), "y": offsets[:, 1].copy(), "label": _own(str(collection.get_label()))}


def _is_field(artist: Any) -> bool:
    return isinstance(artist, (ContourSet, QuadMesh, AxesImage))


def _contour(artist: Any) -> dict[str, Any]:
    """Return the kind of a field and, for contours, some points of each level: columns level, x, y."""
    if not isinstance(artist, ContourSet):
        return {"kind": "mesh" if isinstance(artist, QuadMesh) else "image", "levels": np.zeros(0), "points": _none()}
    levels = _numbers(artist.levels)
    found = _edges(artist, levels) if artist.filled else [path.vertices for path in artist.get_paths()]
    rows = [
        np.column_stack([np.full(len(vertices), level), vertices])
        for level, line in zip(levels, found, strict=False)
        if len(vertices := _spread(np.asarray(line, dtype=np.float64).reshape(-1, 2)))
    ]
    kind = "filled" if artist.filled else "lines"
    return {"kind": kind, "levels": levels, "points": np.concatenate(rows) if rows else _none()}


def _edges(artist: Any, levels: np.ndarray) -> list[np.ndarray]:
    """Return the line of each level along which filled contours meet; nothing where matplotlib does not tell."""
    try:
        trace = artist._contour_generator.create_contour
        lines = [list(trace(level)[0]) for level in levels]
        return [np.concatenate(pieces) if pieces else np.zeros((0, 2)) for pieces in lines]
    except Exception:
        return []


def _spread(vertices: np.ndarray) -> np.ndarray:
    """Return at most ``VERTICES`` of the points, evenly."""
    if len(vertices) <= VERTICES:
        return vertices
    chosen: np.ndarray = vertices[np.linspace(0, len(vertices) - 1, VERTICES).astype(int)]
    return chosen


def _none() -> np.ndarray:
    return np.zeros((0, 3))


def _numbers(values: Any) -> np.ndarray:
    """Return coordinates as a flat float64 array; masked entries are nan."""
    whole: Any = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    return np.array(whole, dtype=np.float64).reshape(-1)


def _words(text: Any) -> str:
    return str(text.get_text()) if text is not None else ""


def _texts(legend: Legend) -> list[str]:
    return [str(text.get_text()) for text in legend.get_texts()]


def _entries(legend: Legend) -> list[tuple[str, tuple[str, ...]]]:
    """Return (text, style of its key) for each entry of a legend."""
    handles = list(getattr(legend, "legend_handles", []))
    texts = _texts(legend)
    handles += [None] * (len(texts) - len(handles))
    return [(text, _style(handle)) for text, handle in zip(texts, handles, strict=False)]


def _style(artist: Any) -> tuple[str, ...]:
    """Return what tells one line from another in a legend."""
    if not isinstance(artist, Line2D):
        return ()
    return tuple(str(part) for part in (artist.get_color(), artist.get_linestyle(), artist.get_marker()))


def _own(label: str) -> str:
    """Return a label the student gave, "" for matplotlib's own."""
    return "" if label.startswith("_") else label


def _container_labels(axes: Axes) -> dict[int, str]:
    """Return the label of the container (errorbar, stem) that a line belongs to, by the line's id."""
    containers: Iterable[Container] = axes.containers
    return {
        id(artist): _own(str(container.get_label()))
        for container in containers
        for artist in container
        if isinstance(artist, Line2D)
    }


def _labels(lines: list[Line2D], containers: dict[int, str], entries: list[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return each line's label: its own, its container's, or the legend entry drawn in its style."""
    own = [_own(str(line.get_label())) or containers.get(id(line), "") for line in lines]
    free = [entry for entry in entries if entry[0] not in own and entry[1]]
    for index, line in enumerate(lines):
        matches = [entry for entry in free if entry[1] == _style(line)]
        if not own[index] and matches:
            own[index] = matches[0][0]
            free.remove(matches[0])
    return own
