"""What the self-test writes down and holds itself to: figures, tables, and the status where they contradict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graders import cards
from graders.engine.tolerance import Measured, ToleranceError, load
from tests.selftest import __main__ as selftest
from tests.selftest import statement
from tests.selftest.__main__ import arguments, main
from tests.selftest.measure import Result
from tests.selftest.statement import BLOCK, README, TABLE, moved, renewed, write
from tests.selftest.table import missed, tolerance_rows, tolerances

DOUBLE = Measured("forward", "float64", "cpu", 3e-16, "right/plain", 1e-3, "wrong/ascent")
SINGLE = Measured(
    "forward", "float32", "cpu", 2e-7, "right/lerp", 3e-4, "half precision inside", 2e-5, "wrong/near__b", 2
)
STATED = (DOUBLE, SINGLE)


def test_figures_that_are_not_stated_are_a_fault():
    """An exercise whose figures are missing from the file fails, and the sentence holds the command."""
    result = Result("forward", "ps1_model_and_loss", measured=[DOUBLE, SINGLE])
    assert missed(result, [replace(row, exercise="mse") for row in STATED]) == [
        f"forward: in {dtype} on cpu no figures are stated; run python -m tests.selftest --write"
        for dtype in ("float64", "float32")
    ]


def test_figures_without_room_are_a_fault():
    """Where no tolerance lies between a right program and a mistake, both are named."""
    result = Result("forward", "ps1_model_and_loss", measured=[replace(DOUBLE, spread=1e-4)])
    (said,) = missed(result, [replace(DOUBLE, spread=1e-4)])
    assert "right/plain (1.0e-04 off on cpu)" in said
    assert "wrong/ascent (1.0e-03 off on cpu)" in said


def test_the_table_states_both_dtypes():
    """One row each: what was measured, what is stated, the tolerance, the margins, and what float64 decides."""
    assert tolerance_rows([DOUBLE, replace(SINGLE, device="cuda", spread=1e-7)], STATED) == [
        ["forward", "float64", "3.0e-16", "2e-15", "1e-09", "1.0e-03", "ascent", "3e6x / 1e6x", "", ""],
        ["forward", "float32 on cuda", "1.0e-07", "", "1e-05", "3.0e-04", "half precision inside", "100x / 30x",
         "near 2.0e-05", "2"],
    ]  # fmt: skip


def test_the_readme_shows_the_table():
    """The README's block is the written table, and its tolerances are those the figures give."""
    block = BLOCK.search(README.read_text(encoding="utf-8"))
    assert block is not None
    assert TABLE.read_text(encoding="utf-8") in block[0]
    assert TABLE.read_text(encoding="utf-8").endswith(tolerances(cards.measured()))


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Let the self-test write into a folder of the test's own; return its three files."""
    files = [tmp_path / name for name in ("measured.json", "table.md", "README.md")]
    monkeypatch.setattr(cards, "MEASURED", files[0])
    monkeypatch.setattr(statement, "TABLE", files[1])
    monkeypatch.setattr(statement, "README", files[2])
    files[2].write_text("before\n<!-- selftest: begin -->\nold\n<!-- selftest: end -->\nafter\n", encoding="utf-8")
    return files


FORWARD_ALONE = [Result("forward", "ps1_model_and_loss", right=12, measured=[DOUBLE, SINGLE])]


def test_write_writes_figures_and_tables(written):
    """The figures, rounded so that no gap grows, and the tables in both places."""
    figures, table, readme = written
    stated = renewed([], [replace(FORWARD_ALONE[0], measured=[replace(SINGLE, spread=1.61e-7), DOUBLE])], "cpu")
    write(FORWARD_ALONE, stated, "cpu")
    assert load(figures.read_text(encoding="utf-8")) == (DOUBLE, replace(SINGLE, spread=1.7e-7)) == stated
    text = table.read_text(encoding="utf-8")
    assert "\n| forward | 12 | 0 |" in text
    assert "\n| forward | float32 | 1.7e-07 | 9e-07 |" in text
    assert readme.read_text(encoding="utf-8").split("\n", 2)[0] == "before"
    assert text in readme.read_text(encoding="utf-8")
    assert "old" not in readme.read_text(encoding="utf-8")


def test_another_device_renews_its_own_figures(written):
    """Measured on a CUDA machine: float32 there is added, what was measured on the CPU stays as it is."""
    write(FORWARD_ALONE, STATED, "cpu")
    before = written[1].read_text(encoding="utf-8")
    on_cuda = [replace(DOUBLE, spread=5e-16), replace(SINGLE, device="cuda", spread=3e-7)]
    stated = renewed(STATED, [replace(FORWARD_ALONE[0], right=11, measured=on_cuda)], "cuda")
    assert stated == (*STATED, on_cuda[1])
    write(FORWARD_ALONE, stated, "cuda")
    assert written[1].read_text(encoding="utf-8").startswith(before)
    assert "| forward | float32 on cuda | 3.0e-07 |" in written[1].read_text(encoding="utf-8")


def test_a_tolerance_that_moves_is_said():
    """What was judged by another tolerance is measured once more; figures without room have none."""
    assert moved(STATED, FORWARD_ALONE) == []
    (said,) = moved([DOUBLE, replace(SINGLE, spread=1.1e-6)], FORWARD_ALONE)
    assert said.startswith("forward: the tolerance in float32 is 2e-05 from now on and was 1e-05 in this run")
    with pytest.raises(ToleranceError):
        moved([replace(DOUBLE, spread=1e-3)], FORWARD_ALONE)


@pytest.fixture
def measuring(monkeypatch):
    """Have every measurement of the course give what a test says, without running anything."""

    def give(**change):
        def run(wanted, *_):
            rows = {name: [row for row in cards.measured() if row.exercise == name] for _, name in wanted}
            changed = {name: [replace(row, **change) for row in rows[name]] for name in rows}
            return [Result(name, slug, measured=changed[name]) for slug, name in wanted]

        monkeypatch.setattr(selftest, "run", run)

    return give


@pytest.mark.parametrize(("change", "status"), [({}, 0), ({"spread": 9e-6}, 1), ({"nearest": 2e-9}, 1)])
def test_the_status_tells_whether_a_statement_holds(measuring, written, capsys, change, status):
    """A right program further off than stated, or a mistake too near, fails; nothing is written unless asked for."""
    measuring(**change)
    assert main(["--exercise", "mse"]) == status
    said = capsys.readouterr().out
    assert ("mse: in float64 on cpu the" in said) == bool(status)
    assert not written[0].exists()
    assert "old" in written[2].read_text(encoding="utf-8")


def test_write_refuses_figures_without_room(measuring, written, capsys):
    """Figures that leave no room for a tolerance are not written, so that cards stay usable."""
    measuring(spread=1e-4)
    assert main(["--write"]) == 1
    assert "nothing is written: make_line: no tolerance in float" in capsys.readouterr().err
    assert not written[0].exists()


def test_write_writes_the_whole(measuring, written):
    """With the whole course measured, the file is what is stated."""
    measuring()
    assert main(["--write"]) == 0
    assert load(written[0].read_text(encoding="utf-8")) == cards.measured()


def test_a_part_is_never_written(capsys):
    """A table of some exercises, or of a quick run, does not replace the whole."""
    assert main(["--write", "--quick"]) == 2
    assert "leave out" in capsys.readouterr().err
    assert arguments(["--exercise", "mse"]).exercise == ["mse"]
