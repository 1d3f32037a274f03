"""The benchmark runs and says what it measured; no time is asserted."""

from __future__ import annotations

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import compared, people, waiting


def test_every_submission_of_the_class_is_its_own(tmp_path):
    """No two have the same text, and right and wrong programs take turns."""
    stub = (people.ROOT / "assignments" / people.SLUG / people.NOTEBOOK).read_text()
    made = people.write(stub, tmp_path, 12)
    texts = {path.read_text() for path in tmp_path.glob("*/*/*.ipynb")}
    assert len(texts) == len(made) == 12
    assert set(made.values()) & set(people.RIGHT)
    assert set(made.values()) & set(people.WRONG)


def test_the_stages_of_a_submission_are_measured(capsys):
    """A small class gives a table with every stage."""
    assert bench.main(["--submissions", "2", "--parts", "stages"]) == 0
    said = capsys.readouterr().out
    for stage in ("session started", "waiting for answers", "student's own computing", "comparing", "warm process"):
        assert stage in said


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_stock_and_ours_grade_the_same_class(tmp_path):
    """Both commands run on two submissions, and their scores fit together."""
    pytest.importorskip("nbgrader", reason="nbgrader belongs to the instructor's extra")
    rows, words = compared.measure(tmp_path, 2, 1)
    assert [row[0] for row in rows][:2] == ["nbgrader autograde, stock", "nbgrader autograde, ours"]
    assert "agree on 4 of 4" in words


def test_the_command_line_answers():
    """The help is timed with the command itself."""
    assert waiting.help_text(1) > 0
