"""Figures are judged by what they hold, however they were drawn."""

from __future__ import annotations

import random

import matplotlib as mpl
import numpy as np
import pytest

from graders.cards.ps7_experiments import paths_hidden, paths_public
from graders.engine.card import Case
from graders.engine.figure_paths import paths_plot
from graders.engine.figures import comparison_plot, fit_plot, losses_plot
from graders.engine.observation import Observation, Question
from graders.engine.wire import observation_from_plain, observation_to_plain, pack, unpack
from graders.engine.worker.answer import answer
from graders.engine.worker.probes.figure_contents import contents
from tests.support.cells import ask, namespace

mpl.use("Agg")
HEAD = "import torch, numpy as np\nimport matplotlib.pyplot as plt\nfrom matplotlib.figure import Figure\n"


def judged(check, case, code, **more):
    """Return the faults of a picture as (aspect, sentence), after its journey over the wire, and the observation."""
    seen = ask(HEAD + code, "f", "figure", case.arguments, **more)
    assert seen.outcome == "returned", seen.error
    seen = observation_from_plain(unpack(pack(observation_to_plain(seen))))
    return [(fault.aspect, fault.sentence) for fault in check(case, seen)], seen


# -- plot_fit ----------------------------------------------------------------------------------------------------

X = np.array([[2.0], [-1.0], [0.5], [3.0]])
Y = np.array([[3.5], [-2.0], [0.5], [6.5]])
FIT = Case("four", "four points", {"x": X, "y": Y, "w": np.array(2.0), "b": np.array(-0.25)})


def fit(code, returns="fig", **more):
    """Judge a plot_fit with this body."""
    body = "".join(f"    {line}\n" for line in code.strip().split("\n"))
    return judged(fit_plot, FIT, f"def f(x, y, w, b):\n{body}    return {returns}\n", **more)


OPEN = "fig, ax = plt.subplots()\n"
POINTS = "ax.plot(x, y, 'o', label='data')\n"
DRAWN = "ax.plot(x, w * x + b, label='fit')\n"
WORDS = "ax.set_xlabel('x'); ax.set_ylabel('y')\n"
REST = WORDS + "ax.legend()\nax.grid(True)\n"


@pytest.mark.parametrize(
    ("code", "returns"),
    [
        (OPEN + POINTS + DRAWN + REST, "fig"),
        (OPEN + "ax.scatter(x, y, label='data')\n" + DRAWN + REST, "fig"),
        (OPEN + "ax.scatter(x.squeeze(), y.squeeze(), label='data')\n" + DRAWN + REST, "ax"),
        (OPEN + "ax.plot(x.numpy(), y.numpy(), ls='', marker='x', label='data')\n" + DRAWN + REST, "(fig, ax)"),
        (OPEN + POINTS + "ax.axline((0, b.item()), slope=w.item(), label='fit')\n" + REST, "fig"),
        (OPEN + POINTS + "ax.axline((0, b.item()), (1, (w + b).item()), label='fit')\n" + REST, "fig"),
        (
            OPEN
            + POINTS
            + "t = torch.linspace(-3, 3, 50, dtype=x.dtype)\nax.plot(t, w * t + b, '--', label='fit')\n"
            + REST,
            "fig",
        ),
        (OPEN + POINTS + "ax.plot([-1, 3], [-2.25, 5.75], 'r-', label='fit')\n" + REST, "fig"),
        (OPEN + "ax.plot(x, y, 'o')\nax.plot(x, w * x + b)\n" + WORDS + "ax.legend(['data', 'fit'])\nax.grid()", "fig"),
        (OPEN + POINTS + DRAWN + WORDS + "fig.legend()\nax.grid(axis='y')", "fig"),
        (OPEN + POINTS + DRAWN + REST + "ax.axhline(0, color='k'); ax.axvline(0)\nplt.show()", "fig"),
        (OPEN + POINTS + DRAWN + REST + "plt.close(fig)", "fig"),
        (OPEN + POINTS + DRAWN + REST + "plt.close('all')", "ax"),
        ("plt.figure()\nax = plt.gca()\n" + POINTS + DRAWN + REST, "plt.gcf()"),
        ("plt.figure()\nax = plt.gca()\n" + POINTS + DRAWN + REST, "plt"),
        ("sub = plt.figure().subfigures(1, 1)\nax = sub.subplots()\n" + POINTS + DRAWN + REST, "sub"),
        (
            "fig = plt.figure()\nsub = fig.subfigures()\nax = sub.subplots()\n"
            + (POINTS + DRAWN + WORDS + "sub.legend()\nax.grid()"),
            "fig",
        ),
        ("fig = Figure()\nax = fig.subplots()\n" + POINTS + DRAWN + REST, "fig"),
        ("fig, axs = plt.subplots(1, 1, squeeze=False)\nax = axs[0, 0]\n" + POINTS + DRAWN + REST, "axs"),
        (OPEN + POINTS + DRAWN + "fig.supxlabel('x'); fig.supylabel('y')\nax.legend(); ax.grid()", "fig"),
        (OPEN + POINTS.replace("'o'", "'o-'") + DRAWN + REST, "fig"),
        (OPEN + POINTS + "t = np.array([-1, 1.25])\nax.plot(t, 2 * t - 0.25, label='fit')\n" + REST, "fig"),
        (OPEN + "for p, q in zip(x, y): ax.plot(p, q, 'ko')\n" + DRAWN + REST, "fig"),
        (OPEN + "ax.plot(x.T, y.T, 'ko')\n" + DRAWN + REST, "fig"),
        (OPEN + POINTS + "i = x.squeeze().argsort()\nax.plot(x[i], (w * x + b)[i], 'r', label='fit')\n" + REST, "fig"),
        (OPEN + "ax.errorbar(x.squeeze(), y.squeeze(), yerr=0.1, fmt='o', label='data')\n" + DRAWN + REST, "fig"),
        (
            "plt.rcParams['axes.grid'] = True\n"
            + OPEN
            + POINTS
            + DRAWN
            + WORDS
            + "ax.legend()\nplt.rcdefaults(); plt.switch_backend('Agg')",
            "fig",
        ),
    ],
)
def test_a_right_fit_however_it_is_drawn(code, returns):
    """Markers by plot or scatter, line or axline, legend of axes or figure, any way to return the figure."""
    faults, seen = fit(code, returns)
    assert faults == []
    assert seen.faults == ()


@pytest.mark.parametrize(
    ("code", "aspects", "words"),
    [
        (OPEN + "ax.plot(x, y, label='data')\n" + DRAWN + REST, ["markers"], "nothing in the figure has markers"),
        (OPEN + "ax.plot(x[:2], y[:2], 'o', label='data')\n" + DRAWN + REST, ["markers"], "stand at 2 points"),
        (OPEN + "ax.plot(x, w * x + b, 'o-', label='data')\n" + REST, ["markers"], "the markers stand elsewhere"),
        (OPEN + POINTS + REST, ["line"], "the figure holds no line"),
        (OPEN + POINTS + "ax.plot(x, w * x - b, label='fit')\n" + REST, ["line"], "is y = w x - b"),
        (OPEN + POINTS + "ax.plot(x, w * x + 2 * b, label='fit')\n" + REST, ["line"], "another slope or intercept"),
        (OPEN + POINTS + "ax.plot([-1, 0], [w * -1 + b, b], label='fit')\n" + REST, ["line"], "ends before the data"),
        (OPEN + POINTS + "ax.plot(x, b * x + w, label='fit')\n" + REST, ["line"], "is y = b x + w"),
        (OPEN + POINTS + "ax.axline((0, 0), slope=w.item(), label='fit')\n" + REST, ["line"], "is y = w x, without"),
        (OPEN + POINTS + "ax.plot(x, w * x + b, '.', label='fit')\n" + REST, ["line"], "the figure holds no line"),
        (OPEN + POINTS + "ax.plot(x.T, (w * x + b).T, '-')\n" + REST, ["line"], "hold one point each"),
        (OPEN + POINTS + DRAWN + "ax.set_ylabel('y'); ax.legend(); ax.grid()", ["labels"], "The x-axis has no label."),
        (OPEN + POINTS + DRAWN + "ax.set_xlabel('x'); ax.legend(); ax.grid()", ["labels"], "The y-axis has no label."),
        (OPEN + POINTS + DRAWN + WORDS + "ax.grid()", ["labels"], "There is no legend."),
        (OPEN + POINTS + DRAWN + WORDS + "ax.legend()", ["labels"], "The grid is off."),
        (OPEN, ["markers", "line", "labels", "labels", "labels", "labels"], "The 4 data points are not drawn"),
    ],
)
def test_each_failed_requirement_is_one_sentence(code, aspects, words):
    """What is missing is named, with the part of the points it costs."""
    faults, _ = fit(code)
    assert [aspect for aspect, _ in faults] == aspects
    assert words in " ".join(sentence for _, sentence in faults)


@pytest.mark.parametrize(
    ("returns", "mistake", "words"),
    [
        ("None", "returns-none", "f draws a figure but returns None."),
        ("'fig'", "wrong-shape", "f returns a str; a matplotlib Figure is asked for."),
        ("[]", "wrong-shape", "f returns a list of 0 items"),
    ],
)
def test_what_is_no_figure_is_named(returns, mistake, words):
    """Without a figure the probe speaks, and the judge of contents is silent."""
    faults, seen = fit(OPEN + POINTS, returns)
    assert faults == []
    assert seen.faults[0][0] == mistake
    assert words in seen.faults[0][1]


def test_nothing_drawn_and_none_returned():
    """None without any open figure is told from a figure that is not returned."""
    _, seen = fit("x = x", "None")
    assert seen.faults == (("returns-none", "f returns None."),)


def test_figures_are_closed_afterwards():
    """No figure stays open after a call."""
    import matplotlib.pyplot as plt

    fit(OPEN + POINTS)
    assert plt.get_fignums() == []


# -- plot_losses -------------------------------------------------------------------------------------------------

CURVES = {"lr = 0.1": [4.0, 2.0, 1.0], "lr = 0.5": [4.0, 3.0]}
LOSSES = Case("two", "two curves", {"losses": CURVES})


def losses(code, **more):
    """Judge a plot_losses with this body."""
    body = "".join(f"    {line}\n" for line in code.strip().split("\n"))
    return judged(losses_plot, LOSSES, f"def f(losses):\n{body}    return fig\n", **more)


EACH = "for name, values in losses.items():\n"
PLOTTED = OPEN + EACH + "    ax.plot(values, label=name)\n"
NAMED = "ax.set_xlabel('epoch'); ax.set_ylabel('loss'); ax.legend()\n"


@pytest.mark.parametrize(
    "code",
    [
        PLOTTED + NAMED,
        PLOTTED + NAMED + "ax.set_yscale('log'); ax.axhline(0.5, color='k')",
        OPEN + EACH + "    ax.plot(range(1, len(values) + 1), values, 'o-', label=name)\n" + NAMED,
        OPEN + EACH + "    ax.semilogy(torch.arange(len(values)), torch.tensor(values), label='run ' + name)\n" + NAMED,
        OPEN + EACH + "    ax.plot(values)\n" + NAMED.replace("ax.legend()", "ax.legend(list(losses))"),
        OPEN + EACH + "    ax.plot(values)\n" + NAMED.replace("ax.legend()", "fig.legend(ax.lines, list(losses))"),
        PLOTTED + NAMED.replace("ax.legend()", "fig.legend()"),
        (
            "fig, axs = plt.subplots(1, 2, sharex=True, sharey=True)\nfor ax, (name, values) in zip(axs, losses.items()):\n"
            "    ax.plot(values, label=name); ax.legend()\naxs[0].set_ylabel('loss'); axs[0].set_xlabel('epoch')"
        ),
        (
            "fig, axs = plt.subplots(2, 1)\nfor ax, (name, values) in zip(axs, losses.items()):\n"
            "    ax.plot(values, label=name); ax.legend()\nfig.supxlabel('epoch'); fig.supylabel('loss')"
        ),
    ],
)
def test_right_loss_curves_however_they_are_drawn(code):
    """One line per entry counted from 0 or 1, legend anywhere, guides ignored, shared axes labelled once."""
    assert losses(code)[0] == []


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (
            OPEN + "ax.plot(losses['lr = 0.1'], label='lr = 0.1'); ax.plot([0], [0], label='lr = 0.5')\n" + NAMED,
            ("lines", 'No line shows the values of "lr = 0.5".'),
        ),
        (
            OPEN + EACH + "    ax.plot(np.arange(len(values)) * 2, values, label=name)\n" + NAMED,
            ("lines", 'The x of the line of "lr = 0.1" does not count 0, 1, 2, … or 1, 2, 3, …'),
        ),
        (
            OPEN + EACH + "    ax.plot(np.log(values), label=name)\n" + NAMED,
            ("lines", 'No line shows the values of "lr = 0.1".'),
        ),
        (
            OPEN + EACH + "    ax.plot(values, ls='', label=name)\n" + NAMED,
            ("lines", 'The line of "lr = 0.1" is invisible.'),
        ),
        (
            OPEN + EACH + "    ax.plot(values)\n" + NAMED.replace("ax.legend()", "ax.legend(['run', 'walk'])"),
            ("labels", "The legend does not name 'lr = 0.1', 'lr = 0.5'."),
        ),
        (PLOTTED + NAMED.replace("; ax.legend()", ""), ("labels", "There is no legend.")),
        (PLOTTED + NAMED.replace("ax.set_xlabel('epoch')", "0"), ("labels", "The x-axis has no label.")),
        (PLOTTED + NAMED.replace("'loss'", "' '"), ("labels", "The y-axis has no label.")),
    ],
)
def test_a_wrong_loss_plot_is_named(code, fault):
    """Missing lines, odd x, missing names and labels each get a sentence."""
    assert losses(code)[0][0] == fault


def test_a_legend_that_swaps_two_names():
    """A curve carries the name of its own entry."""
    code = OPEN + "a, b = losses\nax.plot(losses[a], label=b); ax.plot(losses[b], label=a)\n" + NAMED
    assert [aspect for aspect, _ in losses(code)[0]] == ["labels", "labels"]


def test_curves_of_an_earlier_call():
    """A figure that is used again still shows the old curves, and that is said."""
    code = "fig = plt.figure(7)\nax = fig.gca()\n" + EACH + "    ax.plot(values, label=name)\n" + NAMED
    faults, seen = losses(code, earlier={"losses": {"old": [9.0, 8.0]}})
    assert seen.values["reused"] is True
    assert faults == [("lines", "The curves of an earlier call are still in the figure.")]
    cleared = code.replace("ax = fig.gca()", "fig.clf(); ax = fig.gca()")
    assert losses(cleared, earlier={"losses": {"old": [9.0, 8.0]}})[0] == []


# -- plot_paths --------------------------------------------------------------------------------------------------

WS, BS = np.linspace(-2, 4, 13), np.linspace(-3, 3, 9)
GRID = (WS[:, None] - 1) ** 2 + 3 * (BS[None, :] + 0.5) ** 2
RUN = {"w": [-1.0, 0.0, 0.5], "b": [1.0, 0.5, 0.0], "loss": [9.0, 4.0]}
OTHER = {"w": [3.0, 2.0], "b": [-2.0, -1.0], "loss": [8.0]}
PATHS = Case("paths", "two paths", {"ws": WS, "bs": BS, "grid": GRID, "histories": {"batch": RUN, "sgd": OTHER}})


def paths(code):
    """Judge a plot_paths with this body."""
    body = "".join(f"    {line}\n" for line in code.strip().split("\n"))
    faults, _ = judged(paths_plot, PATHS, f"def f(ws, bs, grid, histories):\n{body}    return fig\n")
    return faults


LEVELS = "ax.contour(ws, bs, grid.T, levels=12)\n"
WALKS = "for name, h in histories.items(): ax.plot(h.w, h.b, 'o-', label=name)\n"
AXES = "ax.set_xlabel('w'); ax.set_ylabel('b'); ax.legend()"
PIECES = """from matplotlib.collections import LineCollection
for name, h in histories.items():
    p = np.column_stack([h.w, h.b]); ax.add_collection(LineCollection(np.stack([p[:-1], p[1:]], axis=1), label=name))
"""
SWAPPED = "for name, h in histories.items(): ax.plot(h.b, h.w, 'o-', label=name)\n"
TURNED = "ax.set_xlabel('bias b'); ax.set_ylabel('weight w'); ax.legend()"


@pytest.mark.parametrize(
    "code",
    [
        OPEN + LEVELS + WALKS + AXES,
        OPEN + "ax.contourf(ws, bs, grid.T)\n" + WALKS + AXES,
        OPEN + "ax.contour(ws, bs, grid.T.log(), levels=15)\n" + WALKS + AXES,
        OPEN + "ax.contourf(ws, bs, grid.T.log())\nax.contour(ws, bs, grid.T, levels=20)\n" + WALKS + AXES,
        OPEN + "ax.contourf(ws, bs, grid.T.log(), levels=50)\n" + WALKS + AXES,
        OPEN + "ax.contourf(ws, bs, grid.T)\nax.contour(ws, bs, grid.T, levels=[grid.mean().item()])\n" + WALKS + AXES,
        OPEN + "ax.pcolormesh(ws, bs, grid.T)\nax.contour(ws, bs, grid.T)\n" + WALKS + AXES,
        OPEN + LEVELS + PIECES + AXES,
        OPEN + LEVELS + WALKS.replace("plot(h.w, h.b, 'o-'", "scatter(h.w, h.b") + AXES,
        OPEN
        + "W, Bs = torch.meshgrid(ws, bs, indexing='ij')\nax.contour(W, Bs, grid, levels=np.geomspace(0.5, 30, 10))\n"
        + WALKS
        + AXES,
        OPEN + "ax.contour(bs, ws, grid)\n" + SWAPPED + TURNED,
        OPEN + LEVELS + WALKS + "ax.set_xlabel('$w$ (slope)'); ax.set_ylabel('$b$'); fig.legend()",
        OPEN + LEVELS + WALKS + "ax.set_xlabel('first'); ax.set_ylabel('second'); ax.legend()",
        OPEN + "c = ax.contour(ws, bs, grid.T); ax.clabel(c); fig.colorbar(c)\n" + WALKS + AXES,
    ],
)
def test_right_paths_however_they_are_drawn(code):
    """Contours of any kind with both paths on them, in either orientation."""
    assert paths(code) == []


@pytest.mark.parametrize(
    ("code", "aspects"),
    [
        (OPEN + WALKS + AXES, ["contours"]),
        (OPEN + "ax.pcolormesh(ws, bs, grid.T)\n" + WALKS + AXES, ["contours"]),
        (OPEN + "ax.contourf(ws, bs, grid.T.flip(0))\n" + WALKS + AXES, ["contours"]),
        (OPEN + LEVELS + WALKS.replace("h.w, h.b", "h.w[1:], h.b[1:]") + AXES, ["paths", "paths"]),
        (
            OPEN + LEVELS + WALKS.replace("label=name", "label={'batch': 'sgd', 'sgd': 'batch'}[name]") + AXES,
            ["labels", "labels"],
        ),
        (OPEN + LEVELS + "ax.set_xlabel('w'); ax.set_ylabel('b')", ["paths", "paths", "labels"]),
        (OPEN + LEVELS + WALKS + TURNED, ["labels"]),
        (OPEN + "ax.contour(bs, ws, grid)\n" + SWAPPED + AXES, ["labels"]),
        (OPEN + "ax.contour(ws, bs, grid.T.flip(0))\n" + WALKS + AXES, ["contours"]),
        (OPEN + LEVELS + "ax.contourf(ws, bs, grid.T.flip(0).log(), levels=50)\n" + WALKS + AXES, ["contours"]),
        (OPEN + "ax.contour(ws, bs, grid.T.roll(1, 0), levels=12)\n" + WALKS + AXES, ["contours"]),
        (OPEN + "ax.contour(np.linspace(-2, 4, 9), np.linspace(-3, 3, 13), grid)\n" + WALKS + AXES, ["contours"]),
        (OPEN + LEVELS + "for name, h in histories.items(): ax.plot(h.w, label=name)\n" + AXES, ["paths", "paths"]),
        (OPEN + LEVELS + WALKS.replace("label=name", "label='run'") + AXES, ["labels"]),
    ],
)
def test_wrong_paths_are_named(code, aspects):
    """No contours, contours of another grid, missing paths, labels that do not fit."""
    assert [aspect for aspect, _ in paths(code)] == aspects


CHANGED = {
    "the same": lambda grid: grid,
    "mirrored in w": lambda grid: grid[::-1],
    "mirrored in b": lambda grid: grid[:, ::-1],
    "turned": lambda grid: grid[::-1, ::-1],
    **{
        f"shifted by {step} in {'wb'[axis]}": lambda grid, step=step, axis=axis: np.take(
            grid, np.clip(np.arange(grid.shape[axis]) + step, 0, grid.shape[axis] - 1), axis
        )
        for step in (-1, 1)
        for axis in (0, 1)
    },
}


@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize("kind", ["contour", "contourf"])
@pytest.mark.parametrize("height", [np.positive, np.sqrt, np.log10])
def test_contours_of_the_maps_that_are_asked(changed, kind, height):
    """On public and drawn maps, 12 to 100 levels of any monotone height are right, those of another map never are."""
    import matplotlib.pyplot as plt

    for case in [*paths_public(), *paths_hidden(random.Random(2)), *paths_hidden(random.Random(3))]:
        ws, bs, grid = (np.asarray(case.arguments[name]) for name in ("ws", "bs", "grid"))
        for levels in (12, 50, 100):
            fig, ax = plt.subplots()
            getattr(ax, kind)(ws, bs, height(CHANGED[changed](grid)).T, levels=levels)
            faults = paths_plot(case, Observation("returned", {"figure": contents(fig)}))
            plt.close(fig)
            assert any(fault.aspect == "contours" for fault in faults) == (changed != "the same")


# -- plot_comparison ---------------------------------------------------------------------------------------------

BATCH = {"w": [1.0, 2.0, 3.0, 4.0], "b": [0.0] * 4, "loss": [9.0, 4.0, 1.0]}
MINI = {"w": [float(i) for i in range(13)], "b": [0.0] * 13, "loss": [8.0, 2.0, 0.5]}
COMPARED = Case("compared", "two runs", {"histories": {"batch": BATCH, "mini": MINI}})


def comparison(code):
    """Judge a plot_comparison with this body."""
    body = "".join(f"    {line}\n" for line in code.strip().split("\n"))
    faults, _ = judged(comparison_plot, COMPARED, f"def f(histories):\n{body}    return fig\n")
    return faults


TWO = "fig, (one, two) = plt.subplots(1, 2)\n"
BOTH = """for name, h in histories.items():
    k = (len(h.w) - 1) / len(h.loss)
    one.plot(h.loss, label=name); two.plot([START + k * i for i in range(len(h.loss))], h.loss, label=name)
one.set_xlabel('epochs'); two.set_xlabel('updates'); one.set_ylabel('loss'); two.set_ylabel('loss')
one.legend(); two.legend()
"""


@pytest.mark.parametrize(
    "code",
    [
        TWO + BOTH.replace("START", "0"),
        TWO + BOTH.replace("START", "k"),
        TWO + BOTH.replace("START", "0").replace("two.legend()", ""),
        "fig = plt.figure(); left, right = fig.subfigures(1, 2); one, two = left.subplots(), right.subplots()\n"
        + BOTH.replace("START", "0").replace("two.set_xlabel('updates')", "right.supxlabel('updates')"),
        "fig, (two, one) = plt.subplots(1, 2, sharey=True, layout='constrained')\n"
        + BOTH.replace("START", "0").replace("two.set_ylabel('loss')", "0"),
        TWO + BOTH.replace("START", "0").replace("'updates'", "'epochs, each as long as it takes to walk'"),
        TWO + BOTH.replace("START", "0").replace("'epochs'", "'time'").replace("'updates'", "'time'"),
    ],
)
def test_right_comparisons(code):
    """Two axes side by side: counted in epochs, and spaced by the updates of an epoch."""
    assert comparison(code) == []


@pytest.mark.parametrize(
    ("code", "aspects"),
    [
        (TWO + BOTH.replace("START + k * i", "2 * i"), ["updates", "updates"]),
        (
            TWO + BOTH.replace("one.plot(h.loss", "one.plot(np.arange(3) * 7, h.loss").replace("START", "0"),
            ["epochs", "epochs"],
        ),
        ("fig, (one, two) = plt.subplots(2, 1)\n" + BOTH.replace("START", "0"), ["labels"]),
        (TWO + BOTH.replace("START", "0").replace("one.set_xlabel('epochs')", "0"), ["labels"]),
        (TWO + BOTH.replace("START", "0").replace("'updates'", "'epochs'"), ["labels"]),
        (TWO + BOTH.replace("START", "0").replace("'updates'", "'(Epoch)'"), ["labels"]),
        (
            TWO + BOTH.replace("START", "0").replace("'epochs'", "'epoch no.'").replace("'updates'", "'Epoch no.'"),
            ["labels"],
        ),
        (TWO + BOTH.replace("START", "0").replace("'epochs'", "'updates'"), ["labels"]),
        (
            TWO + BOTH.replace("START", "0").replace("label=name", "label={'batch': 'mini', 'mini': 'batch'}[name]"),
            ["labels", "labels"],
        ),
    ],
)
def test_wrong_comparisons_are_named(code, aspects):
    """Wrong spacing, wrong counting, one above the other, labels that are missing, names that are exchanged."""
    assert [aspect for aspect, _ in comparison(code)] == aspects


def test_the_worker_needs_no_open_figure():
    """A question after another meets no figures, and the same function draws the same again."""
    space = namespace(HEAD + "def f(losses):\n    fig, ax = plt.subplots()\n    ax.plot([1.0, 2.0])\n    return fig\n")
    first, second = (answer(space, Question("f", "figure", LOSSES.arguments)) for _ in range(2))
    assert len(second.values["figure"]["axes"][0]["lines"]) == len(first.values["figure"]["axes"][0]["lines"]) == 1
