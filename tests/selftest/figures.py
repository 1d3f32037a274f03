"""What the contract asks of a figure, read from the figure itself: the oracle for the exercises that draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NEAR = 1e-5


def right(name: str, namespace: Mapping[str, Any], seed: int) -> bool:
    """Whether a program draws what is asked for, on the oracle's own data."""
    arguments, wanted = PICTURES[name]
    rng = np.random.default_rng([seed, *name.encode()])
    for turn in range(2):
        given = arguments(rng, turn)
        try:
            figure = namespace[name](*given)
            figure.canvas.draw()
            fulfilled = wanted(figure, *given)
        except Exception:
            return False
        if not fulfilled:
            return False
    return True


def _same(one: Any, other: Any) -> bool:
    a, b = np.asarray(one, dtype=np.float64).ravel(), np.asarray(other, dtype=np.float64).ravel()
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=NEAR, atol=NEAR))


def _drawn(axes: Axes) -> list[tuple[Any, Any]]:
    """Return the visible lines as (x, y)."""
    empty = {"None", "none", " ", ""}
    return [
        line.get_data() for line in axes.lines
        if str(line.get_linestyle()) not in empty or str(line.get_marker()) not in empty
    ]  # fmt: skip


def _labelled(axes: Sequence[Axes]) -> bool:
    """Whether every axis has a label, of its own or of one it is shared with, and none says what the other shows."""
    for one in axes:
        shared = [other.get_ylabel() for other in axes if one.get_shared_y_axes().joined(one, other)]
        across, up = one.get_xlabel(), one.get_ylabel() or "".join(shared)
        if not (across and up) or (across, up) in {("y", "x"), ("loss", "epoch"), ("loss", "update")}:
            return False
    return True


def _legend(figure: Figure) -> list[str]:
    legends = [*figure.legends, *(one.get_legend() for one in figure.axes)]
    return [text.get_text() for legend in legends if legend is not None for text in legend.get_texts()]


def _named(figure: Figure, names: Sequence[str]) -> bool:
    return all(any(name in text for text in _legend(figure)) for name in names)


def _spans(across: Any, x: Any) -> bool:
    """Whether a line runs along the data, not along a part of them only."""
    low, high = x.min().item(), x.max().item()
    inside = np.clip(np.asarray(across, dtype=np.float64), low, high)
    return inside.size > 1 and bool(np.ptp(inside) >= 1 / 2 * (high - low))


# -- the data, and what is asked for -----------------------------------------------------------------------------


def _fit_arguments(rng: np.random.Generator, turn: int) -> tuple[Any, ...]:
    import torch

    x = rng.normal(0.5, 1, (11, 1))
    # y and b lie low in x's range, then high: a program that takes them for an end of x draws a part of the line
    place = x.min() + (0.25, 0.75)[turn] * np.ptp(x)
    y = place + rng.normal(0, 0.05, (11, 1))
    return tuple(torch.tensor(one) for one in (x, y, rng.uniform(0.5, 1.5), place + 0.1))


def _fit(figure: Figure, x: Any, y: Any, w: Any, b: Any) -> bool:
    (axes,) = figure.axes
    dots = [line.get_data() for line in axes.lines if str(line.get_marker()) not in {"None", "none", ""}]
    dots += [one.get_offsets().T for one in axes.collections]
    points = sorted(zip(x.ravel().tolist(), y.ravel().tolist(), strict=True))
    if not any(len(a) == len(points) and _same(sorted(zip(a, c, strict=True)), points) for a, c in dots):
        return False
    lines = [line.get_data() for line in axes.lines if str(line.get_linestyle()) not in {"None", "none", ""}]
    straight = any(_spans(a, x) and _same(c, w.item() * np.asarray(a) + b.item()) for a, c in lines)
    grid = any(one.get_visible() for one in axes.get_xgridlines())
    return straight and grid and _labelled([axes]) and bool(_legend(figure))


def _losses_arguments(rng: np.random.Generator, _turn: int) -> tuple[Any, ...]:
    return ({"alpha": rng.uniform(1, 9, 6).tolist(), "beta": rng.uniform(1, 9, 3).tolist()},)


def _losses(figure: Figure, losses: Mapping[str, Sequence[float]]) -> bool:
    (axes,) = figure.axes
    found = all(any(_same(y, loss) and _counts(x) for x, y in _drawn(axes)) for loss in losses.values())
    return found and _labelled([axes]) and _named(figure, list(losses)) and _own_names(axes, losses)


def _own_names(axes: Axes, losses: Mapping[str, Sequence[float]]) -> bool:
    """Whether the line of each entry carries its name."""
    return all(
        any(_same(line.get_ydata(), loss) and name in str(line.get_label()) for line in axes.lines)
        for name, loss in losses.items()
    )


def _counts(x: Any) -> bool:
    x = np.asarray(x, dtype=np.float64)
    return x[0] in {0, 1} and _same(x, x[0] + np.arange(len(x)))


def _history(rng: np.random.Generator, epochs: int, spacing: int) -> Any:
    from graders import History

    updates = epochs * spacing + 1
    w, b = rng.uniform(-1.5, 2.5, updates), rng.uniform(-2.5, 0.5, updates)
    return History(w.tolist(), b.tolist(), rng.uniform(1, 9, epochs).tolist())


def _paths_arguments(rng: np.random.Generator, _turn: int) -> tuple[Any, ...]:
    import torch

    ws, bs = np.linspace(-2, 3, 14), np.linspace(-3, 1, 19)
    x, y = rng.normal(0.4, 1, 10), rng.normal(0, 1, 10)
    grid = ((ws[:, None, None] * x + bs[None, :, None] - y) ** 2).mean(axis=2)
    histories = {"alpha": _history(rng, 4, 1), "beta": _history(rng, 2, 3)}
    return torch.tensor(ws), torch.tensor(bs), torch.tensor(grid), histories


def _paths(figure: Figure, ws: Any, bs: Any, grid: Any, histories: Mapping[str, Any]) -> bool:
    (axes,) = figure.axes
    shown = all(any(_same(x, h.w) and _same(y, h.b) for x, y in _drawn(axes)) for h in histories.values())
    told = "w" in axes.get_xlabel() and "b" in axes.get_ylabel()
    return shown and told and _named(figure, list(histories)) and _contours(axes, ws, bs, grid)


def _contours(axes: Axes, ws: Any, bs: Any, grid: Any) -> bool:
    """Whether lines of equal height stand where the grid has that height, w across."""
    from matplotlib.contour import ContourSet

    heights = grid.numpy()
    checked = 0
    for contours in (one for one in axes.collections if isinstance(one, ContourSet)):
        for level, path in zip(contours.levels, contours.get_paths(), strict=True):
            for w, b in path.vertices[::3]:
                column = [np.interp(w, ws.numpy(), heights[:, k]) for k in range(heights.shape[1])]
                if abs(np.interp(b, bs.numpy(), column) - level) > 0.05 * float(np.ptp(heights)):
                    return False
                checked += 1
    return checked > 5


def _comparison_arguments(rng: np.random.Generator, _turn: int) -> tuple[Any, ...]:
    return ({"alpha": _history(rng, 5, 1), "beta": _history(rng, 3, 4)},)


def _comparison(figure: Figure, histories: Mapping[str, Any]) -> bool:
    pair = figure.axes
    boxes = sorted((one.get_position() for one in pair), key=lambda box: box.x0)
    beside = boxes[0].x1 <= boxes[1].x0 + NEAR and min(one.y1 for one in boxes) > max(one.y0 for one in boxes)
    shown = any(
        _said(first, "epoch", "update") and _said(second, "update", "epoch") and _told(first, second, histories)
        for first, second in (pair, pair[::-1])
    )
    return beside and shown and _labelled(pair) and _named(figure, list(histories))


def _said(axes: Axes, wanted: str, other: str) -> bool:
    """Whether the label of the x-axis does not say the other thing."""
    label = axes.get_xlabel()
    return wanted in label or other not in label


def _told(per_epoch: Axes, per_update: Axes, histories: Mapping[str, Any]) -> bool:
    for history in histories.values():
        step = (len(history.w) - 1) / len(history.loss)
        if not any(_same(y, history.loss) and _counts(x) for x, y in _drawn(per_epoch)):
            return False
        spaced = [x for x, y in _drawn(per_update) if _same(y, history.loss)]
        if not any(_same(x, start + step * np.arange(len(x))) for x in spaced for start in (0, 1, step)):
            return False
    return True


PICTURES: dict[str, tuple[Callable[..., tuple[Any, ...]], Callable[..., bool]]] = {
    "plot_fit": (_fit_arguments, _fit),
    "plot_losses": (_losses_arguments, _losses),
    "plot_paths": (_paths_arguments, _paths),
    "plot_comparison": (_comparison_arguments, _comparison),
}
