"""The benchmark runs and says what it measured; no time is asserted."""

from __future__ import annotations

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import compared, inside, people, scale, waiting


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
def test_the_parts_of_both_commands_are_measured(tmp_path):
    """Each part of stock's command stands beside ours, and the parts of a submission make up the whole."""
    pytest.importorskip("nbgrader", reason="nbgrader belongs to the instructor's extra")
    rows = inside.measure(tmp_path, 2)
    for column in (1, 2):
        start, whole, *parts = [row[column] for row in rows]
        assert start > 0
        assert sum(parts) == pytest.approx(whole)
        assert all(part >= 0 for part in parts)
    kernel = rows[2]
    assert kernel[1] > 0
    assert kernel[2] == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_stock_and_ours_grade_the_same_class(tmp_path):
    """Both commands run on two submissions, and their scores fit together."""
    pytest.importorskip("nbgrader", reason="nbgrader belongs to the instructor's extra")
    rows, words = compared.measure(tmp_path, 2, 1)
    assert [row[0] for row in rows][:2] == ["nbgrader autograde, stock", "nbgrader autograde, ours"]
    assert "agree on 4 of 4" in words


def test_the_curve_of_growing_classes_is_drawn(tmp_path):
    """Both curves of the scale table are in the picture."""
    rows = [(10, 5.0, "", 80.0, 350.0), (100, 16.0, 122.0, 81.0, 351.0), (1000, 130.0, 126.0, 82.0, 352.0)]
    scale.draw(rows, tmp_path / "curve.svg")
    text = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert text.count('<g id="line2d_') > 6
    for label in ("milliseconds of one more", "largest memory, MB"):
        assert f"<!-- {label} -->" in text


def test_the_command_line_answers():
    """The help is timed with the command itself."""
    assert waiting.help_text(1) > 0
