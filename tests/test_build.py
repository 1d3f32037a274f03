"""`descentlab build`: one source, one way, and nothing that a student must not see."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest

from graders import cards
from graders.frontends import build as builder
from graders.frontends import gate as gatekeeper
from graders.frontends.same import same

ROOT = Path(__file__).resolve().parents[1]
SLUG = "ps3_batch_descent"
BUILT = sorted(folder.name for folder in (ROOT / "assignments").iterdir())


@pytest.fixture
def course(tmp_path):
    """A course folder of its own with one solution."""
    (tmp_path / "solutions").mkdir()
    shutil.copy(ROOT / "solutions" / f"{SLUG}.py", tmp_path / "solutions")
    return tmp_path


@pytest.fixture
def no_gate(monkeypatch):
    """Build with a small key and an open gate, so that only the notebook's way is tested."""
    monkeypatch.setattr(builder, "public_key", lambda _slug: '{"schema": "descentlab-key/1", "keys": [\n\n]}\n')
    monkeypatch.setattr(gatekeeper, "gate", lambda *_: ())


def test_the_release_is_the_same_every_time():
    """Twice the same bytes, from reading the source anew."""
    first, second = (builder.release_text(SLUG, builder.source_notebook(SLUG)) for _ in range(2))
    assert first == second


def test_the_release_is_a_valid_notebook_with_lasting_ids():
    """Format 4.5, no outputs, ids from grade ids and places, nothing of jupytext."""
    text = builder.release_text(SLUG, builder.source_notebook(SLUG))
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert {"setup", "train_batch", "check_train_batch", "text-01"} <= set(ids)
    assert "jupytext" not in text
    assert "lines_to_next_cell" not in text
    assert '"active"' not in text
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"


def test_nbgrader_locks_and_signs_the_cells():
    """Setup and checks can't be edited, and nbgrader's checksum stands on every marked cell."""
    notebook = json.loads(builder.release_text(SLUG, builder.source_notebook(SLUG)))
    marked = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    assert all(len(cell["metadata"]["nbgrader"]["checksum"]) == 32 for cell in marked)
    for cell in marked:
        assert cell["metadata"]["deletable"] is False
        assert cell["metadata"].get("editable", True) is cell["metadata"]["nbgrader"]["solution"]


def test_the_module_s_own_cell_stays_behind():
    """The cell for Python alone (docstring and future import) is no part of the notebook."""
    source = builder.source_notebook(SLUG)
    assert all("__future__" not in cell["source"] for cell in source["cells"])
    assert "History" in next(cell["source"] for cell in source["cells"] if cell["id"] == "setup")


def test_build_writes_once_and_then_leaves_alone(course, no_gate):
    """The second build changes nothing, and says so."""
    first = builder.build([SLUG], course)
    assert [(built.path, built.state) for built in first] == [
        (f"assignments/{SLUG}/{SLUG}.ipynb", "written"),
        (f"assignments/{SLUG}/{SLUG}.key.json", "written"),
    ]
    assert [built.state for built in builder.build([SLUG], course)] == ["unchanged", "unchanged"]
    assert [built.state for built in builder.build([SLUG], course, check=True)] == ["unchanged", "unchanged"]


def test_check_names_the_stale_file_and_the_command(course, no_gate):
    """A solution that changed makes the stub stale; check writes nothing, build mends it."""
    builder.build([SLUG], course)
    solution = course / "solutions" / f"{SLUG}.py"
    solution.write_text(solution.read_text(encoding="utf-8").replace("Your turn:", "Now you:"), encoding="utf-8")
    notebook = course / "assignments" / SLUG / f"{SLUG}.ipynb"
    before = notebook.read_bytes()

    stale, fresh = builder.build([SLUG], course, check=True)
    assert stale.sentence == (f"assignments/{SLUG}/{SLUG}.ipynb is not what its solution makes; run `descentlab build`")
    assert fresh.state == "unchanged"
    assert notebook.read_bytes() == before

    assert builder.build([SLUG], course)[0].state == "written"
    assert b"Now you:" in notebook.read_bytes()


def test_check_on_an_empty_course_writes_nothing(course, no_gate):
    """What is missing is stale as well."""
    assert [built.state for built in builder.build([SLUG], course, check=True)] == ["stale", "stale"]
    assert not (course / "assignments").exists()


def test_a_missing_solution_is_named(course):
    """The sentence names the file and the command."""
    with pytest.raises(builder.BuildRefusedError, match=r"solutions/ps9_nothing\.py is missing.*descentlab build"):
        builder.build(["ps9_nothing"], course)


def test_a_shut_gate_writes_nothing_and_names_the_exercise(course, no_gate, monkeypatch):
    """The build refuses with the gate's own words."""
    monkeypatch.setattr(gatekeeper, "gate", lambda *_: ("the reference of train_batch gets 3 of 6 points: …",))
    with pytest.raises(builder.BuildRefusedError, match="train_batch gets 3 of 6"):
        builder.build([SLUG], course)
    assert not (course / "assignments").exists()


def test_write_source_is_what_nbgrader_starts_from(tmp_path, no_gate):
    """The source notebook keeps solutions and marks, and the key lies beside it."""
    path = builder.write_source(SLUG, tmp_path / "source" / SLUG)
    assert path == tmp_path / "source" / SLUG / f"{SLUG}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert "### BEGIN SOLUTION" in next(cell.source for cell in notebook.cells if cell.id == "train_batch")
    assert (path.parent / f"{SLUG}.key.json").is_file()
    again = path.read_bytes()
    assert builder.write_source(SLUG, path.parent).read_bytes() == again


# --- keys that differ in the last digits ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (np.array([1.0, 0.0]), np.array([1.0, 1e-12]), True),
        (np.array([1.0, 0.0]), np.array([1.0, 1e-10]), False),
        (np.array([1e9, 1.0]), np.array([1e9, 1.001]), True),
        (np.array([np.inf, np.nan]), np.array([np.inf, np.nan]), True),
        (np.array([np.inf, 1.0]), np.array([-np.inf, 1.0]), False),
        (np.array([1.0]), np.array([[1.0]]), False),
        (np.array([1, 2]), np.array([1, 3]), False),
        (np.array([1, 2]), np.array([1.0, 2.0]), False),
        (0.1, 0.1 + 1e-13, True),
        (0.1, 0.2, False),
        (float("inf"), float("inf"), True),
        (1, True, False),
        ({"a": [1.0]}, {"a": [1.0]}, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1.0], [1.0, 2.0], False),
        ("one", "two", False),
        (None, None, True),
    ],
)
def test_same_is_relative_to_the_largest(left, right, equal):
    """Last digits don't matter; shapes, kinds, order, infinities and everything larger do."""
    assert same(left, right) is equal


def test_a_key_that_agrees_stays_as_it_is(course, no_gate, monkeypatch):
    """A key from another processor is left untouched; one that says something else is written."""
    from graders.engine.card import Case
    from graders.engine.key import CaseKey, Key, dump

    def key(number):
        case = Case("one", "one case", {"x": np.array([1.0, 2.0])})
        return dump([Key(SLUG, "train_batch", (CaseKey(case, hidden=False, expected={"w": np.array([1.0, number])}),))])

    for number, state in ((0.5, "written"), (0.5 + 1e-13, "unchanged"), (0.5 + 1e-9, "written")):
        monkeypatch.setattr(builder, "public_key", lambda _slug, number=number: key(number))
        assert builder.build([SLUG], course)[1].state == state


def test_a_damaged_key_is_written_anew(course, no_gate):
    """What can't be read is stale, not an error."""
    builder.build([SLUG], course)
    path = course / "assignments" / SLUG / f"{SLUG}.key.json"
    path.write_text("{", encoding="utf-8")
    assert builder.build([SLUG], course, check=True)[1].state == "stale"


# --- the gate itself --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebooks():
    """Source and stub of one assignment."""
    source = builder.source_notebook(SLUG)
    return source, nbformat.reads(builder.release_text(SLUG, source), as_version=4)


def test_the_gate_is_open_for_reference_and_stub(notebooks):
    """Full points for the one, none for the other, hidden cases included."""
    assert gatekeeper.gate(SLUG, 11, *notebooks) == ()


def test_the_gate_names_a_wrong_reference(notebooks):
    """A reference without the factor 2 is refused by name."""
    source, stub = (nbformat.from_dict(json.loads(json.dumps(one))) for one in notebooks)
    cell = next(cell for cell in source.cells if cell.id == "train_batch")
    assert "lr * dw" in cell.source
    cell.source = cell.source.replace("lr * dw", "lr * dw / 2")
    complaints = gatekeeper.gate(SLUG, 11, source, stub)
    assert len(complaints) == 1
    assert complaints[0].startswith("the reference of train_batch gets")


def test_the_gate_names_a_stub_that_is_solved(notebooks):
    """A solution that slipped into the stub is refused by name."""
    source, _ = notebooks
    complaints = gatekeeper.gate(SLUG, 11, source, source)
    assert [complaint.split()[3] for complaint in complaints] == ["train_batch", "plot_losses"]


def test_the_gate_compares_points_with_the_card(notebooks):
    """A check cell with other points than the card's is refused before anything runs."""
    source, stub = (nbformat.from_dict(json.loads(json.dumps(one))) for one in notebooks)
    next(cell for cell in source.cells if cell.id == "check_plot_losses").metadata.nbgrader["points"] = 3
    (complaint,) = gatekeeper.gate(SLUG, 11, source, stub)
    assert complaint == "plot_losses is worth 2 points on its card and 3.0 in its check cell"


def test_the_gate_names_a_cell_that_raises(notebooks):
    """A lesson whose own cell fails is refused by the cell's name."""
    source, stub = (nbformat.from_dict(json.loads(json.dumps(one))) for one in notebooks)
    next(cell for cell in source.cells if cell.id == "tutorial_table").source += "\n1 / 0"
    with pytest.raises(gatekeeper.CellFailedError, match="the cell tutorial_table raises ZeroDivisionError"):
        gatekeeper.namespace(source)
    assert "train_batch" in gatekeeper.namespace(stub)


# --- what is committed ------------------------------------------------------------------------------------------------


def test_the_first_three_assignments_are_built():
    """Nobody forgets to build what the course stands on, and no folder is there without a card."""
    assert set(cards.SLUGS[:3]) <= set(BUILT) <= set(cards.SLUGS)


@pytest.mark.slow
@pytest.mark.parametrize("slug", BUILT)
def test_committed_assignments_are_fresh(slug):
    """What students receive is what the solutions make."""
    stale = [built.sentence for built in builder.build([slug], ROOT, check=True) if built.state == "stale"]
    assert not stale, "\n".join(stale)


@pytest.mark.parametrize("slug", BUILT)
def test_committed_assignments_hold_no_hidden_case_and_no_stray_file(slug):
    """A folder holds the stub and its public key, and the key loads and has public cases only."""
    from graders.engine.key import load

    folder = ROOT / "assignments" / slug
    assert {path.name for path in folder.iterdir()} == {f"{slug}.ipynb", f"{slug}.key.json"}
    keys = load((folder / f"{slug}.key.json").read_text(encoding="utf-8"))
    for exercise in cards.load(slug).exercises:
        names = {case.case.name for case in keys[exercise.name].cases}
        assert names == {case.name for case in exercise.public()}
