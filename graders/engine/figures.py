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
    line_range,
    misnamed_sentences,
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

ABOUT_X = re.compile(r"^\W*x\b|\binputs?\b", re.IGNORECASE)
ABOUT_Y = re.compile(r"^\W*y\b|\b(targets?|outputs?)\b", re.IGNORECASE)
ABOUT_LOSS = re.compile(r"loss|error|mse|cost", re.IGNORECASE)
ABOUT_TIME = re.compile(r"epoch|update|step|iteration", re.IGNORECASE)
ABOUT_EPOCHS = re.compile(r"epoch", re.IGNORECASE)
NAMES_EPOCHS_ONLY = re.compile(r"\W*epochs?\W*", re.IGNORECASE)
NAMES_UPDATES = re.compile(r"update", re.IGNORECASE)
ABOUT_UPDATES = re.compile(r"update|step|iteration", re.IGNORECASE)
ABOUT_PARTS_OF_AN_EPOCH = re.compile(r"update|step|iteration|batch|gradient|sample|visit", re.IGNORECASE)

COVERED = 1 / 2  # of the range of the data, at least; np.arange stops before its end


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
    faults += _line_faults(axes, x, float(w[0]), float(b[0]))
    used = [one for one in axes if is_used(one)]
    sentences = [*label_sentences(observation, used), *exchanged_sentences(observation, used, ABOUT_X, ABOUT_Y)]
    faults += [Fault(sentence, aspect="labels") for sentence in sentences]
    if not any(one["grid"] for one in used):
        faults.append(Fault("The grid is off.", aspect="labels"))
    return faults


def _line_faults(axes: Sequence[Drawn], x: Numbers, w: float, b: float) -> list[Fault]:
    """Say what is wrong with the line of the fit, and name the slip that draws exactly the line there is."""
    covered = [reach for one in axes if (reach := line_range(one, w, b)) is not None]
    if not covered:
        others = {
            "bias-left-out": ("y = w x, without b", w, 0.0),
            "bias-subtracted": ("y = w x - b", w, -b),
            "swapped-weight-and-bias": ("y = b x + w", b, w),
        }
        for mistake, (words, slope, intercept) in others.items():
            if any(shows_line(one, slope, intercept) for one in axes):
                return [Fault(f"The line that is drawn is {words}; y = w x + b is asked for.", mistake, "line")]
        return [Fault(f"No line y = w x + b is drawn{about_lines(axes)}.", aspect="line")]
    least, most = min(low for low, _ in covered), max(high for _, high in covered)
    drawn = min(most, float(x.max())) - max(least, float(x.min()))
    if drawn < COVERED * np.ptp(x):
        return [Fault("The line ends before the data do: it is asked for over their whole range.", aspect="line")]
    return []


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
        *misnamed_sentences(lines, entries, lambda line, values: equal(line["y"], values)),
        *label_sentences(observation, used),
        *exchanged_sentences(observation, used, ABOUT_TIME, ABOUT_LOSS),
        *legend_sentences(observation, used, list(map(str, entries))),
    ]
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
    losses = {name: history["loss"] for name, history in histories.items()}
    lines = [line for one in pair for line in one["lines"]]
    sentences = [
        *misnamed_sentences(lines, losses, lambda line, values: equal(line["y"], values)),
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
    own = [one["xlabel"].strip() for one in pair]
    if len(own) == 2 and _only_epochs(own[1], beside=own[0]):
        return ["The label of the picture against updates speaks of epochs."]
    if len(own) == 2 and NAMES_UPDATES.search(own[0]) and not ABOUT_EPOCHS.search(own[0]):
        return ["The label of the picture against epochs speaks of updates."]
    return []


def _only_epochs(label: str, *, beside: str) -> bool:
    """Tell whether a label says epochs and no more, or just what the picture against epochs beside it says of them."""
    repeated = label.casefold() == beside.casefold() and not ABOUT_PARTS_OF_AN_EPOCH.search(label)
    return bool(NAMES_EPOCHS_ONLY.fullmatch(label) or (repeated and ABOUT_EPOCHS.search(label)))


def _stale(observation: Observation, lines: Sequence[Drawn], wanted: Sequence[Numbers]) -> list[Fault]:
    """Name labelled curves of an earlier call that are still in the figure."""
    if not observation.values.get("reused"):
        return []
    old = [line for line in lines if line["label"] and not any(equal(line["y"], values) for values in wanted)]
    if not old:
        return []
    sentence = "The curves of an earlier call are still in the figure."
    return [Fault(sentence, "state-left-between-calls", "lines")]


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
