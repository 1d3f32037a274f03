"""Between judge and session: a function that is missing because its cell failed says so, with the right line."""

from __future__ import annotations

from graders.engine.asking import asking
from graders.engine.observation import Frame, Observation, Question, Raised
from graders.engine.source import Cell
from graders.engine.wire import CellRun

BAD = Raised("SyntaxError", "invalid syntax", (Frame("2", 7, "def f(:", ""),))


class Session:
    """Answers what it is told to."""

    def __init__(self, seen, *runs):
        self.seen, self.ran = seen, runs

    def ask(self, question, seconds=10.0):
        assert seconds == 3.0
        return self.seen


def ask(seen, *, script=False, function="f"):
    cells = (Cell("1", "import torch"), Cell("2", "def f(:\n    pass"), Cell("3", "def ff(): pass"))
    session = Session(seen, CellRun("1", error=Raised("ImportError", "torch")), CellRun("2", error=BAD), CellRun("3"))
    return asking(session, cells, script=script)(Question(function, "number", {}), 3.0)


def test_a_missing_function_is_explained_by_its_own_cell():
    """The error is that of the cell that was to define it, and of no other."""
    assert ask(Observation("missing")).error == BAD
    assert ask(Observation("missing"), function="ff").error is None
    assert ask(Observation("missing"), function="torch").error is None


def test_everything_else_passes_unchanged():
    """An answer, and a reason that is there already, stay as they are."""
    for seen in (Observation("returned", {"value": 1.0}), Observation("missing", error=Raised("X", "y"))):
        assert ask(seen) == seen


def test_a_python_file_has_lines_and_no_cells():
    """Its cells are ours; the student knows lines."""
    assert ask(Observation("missing"), script=True).error.frames[0] == Frame("", 7, "def f(:", "")
    assert ask(Observation("raised", error=BAD), script=True).error.frames[0].cell == ""
