"""Cells that need not run: only what the course itself wrote, and nothing a student's own cells can depend on."""

from __future__ import annotations

import pytest

from graders.engine.source import Cell
from graders.frontends import untouched

SETUP = "import torch\nimport matplotlib.pyplot as plt"
DATA = "points = [1.0, 2.0]\ntotal = sum(points)"
PICTURE = "figure, axes = plt.subplots()\naxes.plot(points)\nplt.show()"
USE = "show(total)"


@pytest.fixture(autouse=True)
def stub(monkeypatch):
    """Give out four cells, one of which calls what the student writes."""
    monkeypatch.setattr(untouched, "stub_sources", lambda _slug: frozenset({SETUP, DATA, PICTURE, USE}))


def passed(*own):
    """Return which given cells are passed over beside the student's own."""
    sources = [SETUP, DATA, PICTURE, *own]
    cells = [Cell(str(number), source) for number, source in enumerate(sources, 1)]
    kept = {cell.source for cell in untouched.without(cells, "any")}
    assert set(own) <= kept
    assert SETUP in kept
    return {source for source in sources if source not in kept}


def test_untouched_demonstrations_are_passed_over():
    """A function with names of its own needs none of them, also where its locals have the same names."""
    assert passed("def f(x):\n    figure, points = 1, x\n    for _ in range(3):\n        points = points + 1") == {
        DATA,
        PICTURE,
    }


@pytest.mark.parametrize("own", ["def f(x):\n    return x + total", "f = lambda: points", "print(points)"])
def test_what_a_student_uses_runs(own):
    """A global the student's code reads comes from the cell that defines it; the picture is still not needed."""
    assert passed(own) == {PICTURE}


@pytest.mark.parametrize(
    "own", ["points = [3.0]", "def f():\n    global points\n    points = 3", "import numpy as points"]
)
def test_what_a_student_redefines_runs(own):
    """Where a student defines a demonstration's names, its order and effect count."""
    assert passed(own) == set()


@pytest.mark.parametrize(
    "own",
    [
        "%time x = 1",
        "x = eval('tot' + 'al')",
        "globals()['x'] = 1",
        "print(_)",
        "x = In[2]",
        "def f(:",
        "!ls",
        "import sys",
    ],
)
def test_in_doubt_everything_runs(own):
    """Code that can reach names without naming them, or can't be read, leaves no cell out."""
    assert passed(own) == set()


def test_a_demonstration_of_the_students_function_runs():
    """A given cell that calls what the student defines runs, and so does what it needs."""
    assert passed("def show(x):\n    return x", USE) == {PICTURE}
    assert USE not in passed("def show(x):\n    return x", USE)
