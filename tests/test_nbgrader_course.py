"""A small class taken through the real nbgrader commands once; then every trap of its scoring is looked at."""

from __future__ import annotations

import base64
import copy
import csv
import json
import os
import shutil
import stat

import pytest

pytest.importorskip("nbgrader", reason="the plug-in belongs to the instructor's extra")

from tests.support.course import CONFIG, FULL, NONE, SLUG, Class, marks, nbgrader, with_cell

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# What breaks the grader itself, for one student, in a course of its own.
BROKEN = """
from sqlalchemy.exc import OperationalError

from graders.frontends.nbgrader import preprocessors

def broken(step, notebook, slug):
    text = "".join(cell.source for cell in notebook.cells)
    if "FILL THE DISK" in text:
        raise OSError("No space left on device")
    if "LOCK THE DATABASE" in text:
        raise OperationalError("update grade", {}, Exception("database is locked"))
    return whole(step, notebook, slug)

whole = preprocessors.GradeNotebook.graded
preprocessors.GradeNotebook.graded = broken
"""
LOSS_AFTER_UPDATE = """def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w, b = w0.clone(), b0.clone()
    history = History([w.item()], [b.item()], [])
    for _ in range(epochs):
        error = w * x + b - y
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        history.w.append(w.item())
        history.b.append(b.item())
        history.loss.append(((w * x + b - y) ** 2).mean().item())
    return history
"""
NOISE = """
import logging, sys, warnings
warnings.warn("a warning at the top of a right answer")
logging.getLogger().warning("logged")
print("to stderr", file=sys.stderr)
print("\\n" * 5000)
print(6.0)
float("nan")
"""
FORGERY = """
import atexit, builtins, gc, os, sqlite3, sys
def full_points(*_): return 6.0
sys.displayhook = full_points
builtins.print = full_points
get_ipython().input_transformers_cleanup.append(lambda lines: ["6.0"])
get_ipython().events.register("post_run_cell", full_points)
class check(float):
    def __new__(cls, *_): return float.__new__(cls, 6.0)
for path in ({database!r}, {seed!r}, {autograded!r}):
    try:
        with open(path, "r+b") as file:
            file.write(b"forged")
    except OSError:
        pass
try:
    base = sqlite3.connect({database!r})
    base.execute("update grade set manual_score = 6.0")
    base.commit()
except Exception:
    pass
6.0
"""
SCRIPTS = """
from IPython.display import HTML, Javascript, Markdown, display
display(HTML("<script>alert('output')</script><img src=x onerror=alert('img')>"))
display(Javascript("alert('js')"))
display(Markdown("<script>alert('md')</script>"))
print("<script>alert('stdout')</script>")
raise ValueError("<script>alert('raised')</script>")
"""


def answered(notebook, **answers):
    """Return a copy of a notebook with these texts in its cells."""
    changed = copy.deepcopy(notebook)
    for cell in changed["cells"]:
        name = marks(cell).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return changed


def tampered(notebook, **changes):
    """Return a copy of a notebook whose nbgrader metadata says something else everywhere."""
    changed = copy.deepcopy(notebook)
    changed["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "python"}
    for cell in changed["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
        if marks(cell):
            marks(cell).update(changes)
    return changed


def hand_in(group, right, stub):
    """Let every student of the class hand in."""
    checks = ("check_train_batch", "check_plot_losses")
    half = answered(right, train_batch=LOSS_AFTER_UPDATE)
    group.submit("right", right)
    group.submit("stub", stub)
    group.submit("half", half)
    noisy = answered(right, train_batch=NOISE + text_of(right, "train_batch"))
    group.submit("noisy", answered(noisy, check_train_batch="import sys\nprint('x', file=sys.stderr)\n1 / 0"))
    group.submit("nan", answered(stub, **dict.fromkeys(checks, "float('nan')")))
    group.submit("second_float", with_cell(answered(stub, **dict.fromkeys(checks, "6.0")), "6.0"))
    group.submit("skipped", tampered(stub))
    group.submit("flipped", tampered(stub, grade=False, solution=True, locked=False))
    group.submit("oversized", tampered(half, points=600))
    group.submit("schema", tampered(right, schema_version=99))
    group.submit("flipped_right", tampered(right, grade=False, solution=True, locked=False, task=True))
    group.submit("missing", {**right, "cells": [cell for cell in right["cells"] if not marks(cell).get("locked")]})
    twice = copy.deepcopy(right)
    twice["cells"] += [cell for cell in copy.deepcopy(right["cells"]) if marks(cell)]
    group.submit("duplicated", twice)
    bare = copy.deepcopy(right)
    for cell in bare["cells"]:
        cell["metadata"] = {}
    group.submit("bare", bare)
    group.submit("other", with_cell({**right, "cells": []}, "def forward(x, w, b):\n    return w * x + b"))
    folder = group.folder
    forged = FORGERY.format(
        database=str(folder / "gradebook.db"),
        seed=str(folder / ".descentlab" / "seed"),
        autograded=str(folder / "autograded"),
    )
    group.submit("forger", with_cell(answered(stub, **dict.fromkeys(checks, "check()")), forged, at=2))
    scripts = with_cell(with_cell(half, SCRIPTS), "<script>alert('cell')</script> [x](javascript:1)", kind="markdown")
    group.submit("scripts", scripts)
    group.submit("syntax", answered(right, plot_losses="def plot_losses(losses:\n    return"))
    group.submit("exits", with_cell(right, "import os\nos._exit(0)", at=2))
    group.submit("damaged", json.dumps(right)[:2000])
    group.submit("renamed", right, name=f"{SLUG} (1).ipynb")
    group.submit("script", text_of(right, "setup") + "\n\n\n" + text_of(right, "train_batch"), name="mine.py")
    (group.submit("empty", "") / f"{SLUG}.ipynb").unlink()
    linked = group.submit("linked", "") / f"{SLUG}.ipynb"
    linked.unlink()
    linked.symlink_to(group.folder / "submitted" / "right" / SLUG / f"{SLUG}.ipynb")
    beside = group.submit("beside", right)
    (beside / "timestamp.txt").symlink_to("/dev/zero")
    (beside / "zero.csv").symlink_to("/dev/zero")
    (beside / "gradebook.csv").symlink_to(group.folder / "gradebook.db")
    os.mkfifo(beside / "fifo")
    (beside / "numpy.py").write_text("raise SystemExit")
    # an earlier run was killed before this one was done
    group.submit("killed", right)
    (group.folder / "autograded" / "killed" / SLUG).mkdir(parents=True)


def text_of(notebook, name):
    """Return the text of a cell."""
    source = next(cell["source"] for cell in notebook["cells"] if marks(cell).get("grade_id") == name)
    return source if isinstance(source, str) else "".join(source)


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    """Return a class that has been through generate_assignment, autograde, generate_feedback and export."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    group = Class(folder)
    assert group.run("generate_assignment", SLUG).returncode == 0, group.said["generate_assignment"].stderr
    right = json.loads((folder / "source" / SLUG / f"{SLUG}.ipynb").read_text())
    stub = json.loads((folder / "release" / SLUG / f"{SLUG}.ipynb").read_text())
    hand_in(group, right, stub)
    for command in (("autograde", SLUG), ("generate_feedback", SLUG), ("export",)):
        done = group.run(*command)
        if "allows no isolation" in done.stderr:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, f"{command}: {done.stderr[-3000:]}"
    return group


def test_every_command_does_its_work(group):
    """The commands end well and say nothing that alarms, from a PATH that has no alembic."""
    for done in group.said.values():
        assert done.returncode == 0
        for alarm in ("Traceback", "Warning:", "ERROR"):
            assert alarm not in done.stderr


def test_the_release_holds_stub_and_public_key_only(group):
    """What students receive: no solution, and the key that check() needs."""
    names = sorted(path.name for path in (group.folder / "release" / SLUG).iterdir())
    assert names == [f"{SLUG}.ipynb", f"{SLUG}.key.json"]
    text = (group.folder / "release" / SLUG / f"{SLUG}.ipynb").read_text()
    assert "NotImplementedError" in text
    assert "BEGIN SOLUTION" not in text


def test_the_release_is_what_build_makes(group):
    """The instructor's command and `descentlab build` cut the same stub."""
    pytest.importorskip("jupytext")
    from graders.frontends.build import release_text, source_notebook

    ours = json.loads((group.folder / "release" / SLUG / f"{SLUG}.ipynb").read_text())
    built = json.loads(release_text(SLUG, source_notebook(SLUG)))
    assert ours == built


def test_the_seed_is_secret(group):
    """One seed, readable by its owner alone, in no notebook."""
    seed = group.folder / ".descentlab" / "seed"
    assert stat.S_IMODE(seed.stat().st_mode) == 0o600
    number = seed.read_text().strip()
    for path in group.folder.rglob("*.ipynb"):
        if not path.is_symlink():
            assert number not in path.read_text(errors="replace")


def test_right_is_full_and_stub_is_none(group):
    """The reference earns everything; an untouched stub nothing, and is told so."""
    assert group.scores("right") == FULL
    assert group.scores("stub") == NONE
    assert group.comments("stub") == dict.fromkeys(("train_batch", "plot_losses"), "No response.")
    assert group.comments("right") == dict.fromkeys(("train_batch", "plot_losses"))


def test_half_right_earns_part_of_the_points(group):
    """A partial score arrives in the gradebook, the diagnosis as the comment on the answer."""
    scores = group.scores("half")
    assert 0 < scores["check_train_batch"] < 6
    assert scores["check_plot_losses"] == 2.0
    assert "loss-after-update" in group.comments("half")["train_batch"]
    assert not any(look for _, look in group.grades("half").values())


def test_the_export_lists_everyone(group):
    """grades.csv has a row for every submission on disk, with the sum of its scores."""
    with (group.folder / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {path.name for path in (group.folder / "submitted").iterdir()}
    for student, row in rows.items():
        assert float(row["score"]) == pytest.approx(sum(group.scores(student).values()))
        assert float(row["max_score"]) == 8.0


@pytest.mark.parametrize(
    "student",
    ["noisy", "schema", "flipped_right", "missing", "duplicated", "bare", "exits", "renamed", "beside", "killed"],
)
def test_accidents_around_a_right_answer_cost_nothing(group, student):
    """Warnings, stderr, lost or doubled cells, changed metadata, a copy's name: the answer is right all the same."""
    assert group.scores(student) == FULL


@pytest.mark.parametrize("student", ["nan", "second_float", "skipped", "flipped", "forger"])
def test_nothing_is_earned_without_an_answer(group, student):
    """NaN, a number in a check cell, skipped or relabelled cells, hooks and forged files earn nothing."""
    assert group.scores(student) == NONE
    assert not any(look for _, look in group.grades(student).values())


def test_points_in_the_file_do_not_count(group):
    """A submission that says its check cells are worth 600 is graded like the one that does not."""
    assert group.scores("oversized") == group.scores("half")


def test_a_broken_cell_costs_its_own_points_only(group):
    """A syntax error in one answer leaves the other one right."""
    assert group.scores("syntax") == {"check_train_batch": 6.0, "check_plot_losses": 0.0}


def test_a_python_file_is_graded(group):
    """A .py file with one of the functions earns that one's points."""
    assert group.scores("script") == {"check_train_batch": 6.0, "check_plot_losses": 0.0}


def test_the_notebook_of_another_assignment_is_named(group):
    """It earns nothing here, and the comment says what it looks like."""
    assert group.scores("other") == NONE
    assert "This looks like ps1_model_and_loss" in group.comments("other")["train_batch"]


@pytest.mark.parametrize(("student", "reason"), [("damaged", "damaged"), ("empty", "There is no"), ("linked", "link")])
def test_what_cannot_be_read_says_why(group, student, reason):
    """No points, a look by hand, the sentence in comment, page and log, and the class went on."""
    assert group.grades(student) == dict.fromkeys(FULL, (0.0, True))
    assert reason in group.comments(student)["train_batch"]
    assert reason in group.page(student).get_text()
    assert f"{student}: " in group.said["autograde"].stderr


def test_a_check_cell_holds_one_number_and_our_report(group):
    """The outputs nbgrader reads: one execute_result, the report beside it, nothing on stderr, no error."""
    for path in sorted((group.folder / "autograded").iterdir()):
        for name, points in FULL.items():
            cell = group.cell(path.name, name)
            assert marks(cell)["points"] == points
            assert "".join(cell["source"]) == f"check({name.removeprefix('check_')})"
            kinds = [output["output_type"] for output in cell["outputs"]]
            assert kinds.count("execute_result") == 1
            assert not {"error"} & set(kinds)
            assert all(output.get("name") != "stderr" for output in cell["outputs"])
            number = "".join(cell["outputs"][-1]["data"]["text/plain"])
            assert float(number) == group.scores(path.name)[name]
            assert number == repr(float(number))


def test_nothing_of_the_submitted_metadata_is_left(group):
    """Tags, flags, ids, kernel: only the record's and our own stand in the graded notebook."""
    for student in ("skipped", "schema", "flipped_right", "oversized"):
        notebook = group.autograded(student)
        assert notebook["metadata"]["kernelspec"]["name"] == "python3"
        for cell in notebook["cells"]:
            assert set(cell["metadata"]) <= {"nbgrader", "descentlab"}
            assert marks(cell).get("schema_version", 3) == 3


def test_a_page_shows_report_and_picture(group):
    """The report stands at the check cell, with the curve of yours against expected and its words."""
    page = group.page("half")
    report = page.select_one("div.descentlab.descentlab-failed")
    assert "train_batch" in report.get_text()
    assert "Your loss goes from" in report.get_text()
    picture = page.select_one('img[src^="data:image/svg+xml;base64,"]')
    assert b"<title>Your loss" in base64.b64decode(picture["src"].partition(",")[2])
    assert ".descentlab.descentlab-passed" in str(page.head)
    assert "Comments:" in page.get_text()


def test_a_page_shows_what_the_cells_printed(group):
    """Captured text of ordinary cells is there to read."""
    assert "to stderr" in group.page("noisy").get_text()


def test_no_script_of_a_student_reaches_a_page(group):
    """Scripts in outputs, errors, Markdown and comments arrive as text or not at all."""
    page = group.page("scripts")
    for script in page.find_all("script"):
        assert "alert(" not in script.get_text()
    for tag in page.body.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert not str(tag.attrs.get("href", "")).startswith("javascript")
    notebook = json.dumps(group.autograded("scripts")["cells"])
    assert "application/javascript" not in notebook
    assert "text/markdown" not in notebook


def test_links_and_fifos_are_not_copied(group):
    """Only ordinary files lie beside the graded notebook."""
    names = sorted(path.name for path in (group.folder / "autograded" / "beside" / SLUG).iterdir())
    assert names == ["numpy.py", f"{SLUG}.ipynb"]
    assert "Left out of beside" in group.said["autograde"].stderr


def test_the_gradebook_is_whole(group):
    """No student wrote to the gradebook, and its file is still a database."""
    assert group.query("pragma integrity_check") == [("ok",)]
    assert group.query("select count(*) from grade where manual_score is not null") == [(0,)]


def test_the_graders_own_failure_is_nobodys_zero(group, tmp_path):
    """Where the grader breaks, a person has to look; the others are graded, and the next run does the rest."""
    course = Class(tmp_path / "course")
    shutil.copytree(
        group.folder, course.folder, symlinks=True, ignore=shutil.ignore_patterns("submitted", "autograded", "feedback")
    )
    right = json.loads((course.folder / "source" / SLUG / f"{SLUG}.ipynb").read_text())
    course.submit("right", with_cell(right, "# FILL THE DISK"))
    course.submit("also", with_cell(right, "# LOCK THE DATABASE"))
    course.submit("two\nlines", right)
    course.submit("fine", right)
    (course.folder / "nbgrader_config.py").write_text(CONFIG + BROKEN)
    done = course.run("autograde", SLUG)
    assert done.returncode == 1
    for said in ("No space left on device", "database is locked", "Rename the folder"):
        assert said in done.stderr
    for student in ("right", "also"):
        assert course.grades(student) == dict.fromkeys(FULL, (None, True))
        assert course.comments(student)["train_batch"].startswith("The grader failed, not you.")
    assert course.scores("fine") == FULL
    (course.folder / "nbgrader_config.py").write_text(CONFIG)
    done = course.run("autograde", SLUG)
    assert done.returncode == 0
    assert done.stderr.count("Skipping existing assignment") == 1
    assert course.scores("fine") == FULL
    for student in ("right", "also"):
        assert course.grades(student) == {name: (points, False) for name, points in FULL.items()}


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [("homework1", "no grader for 'homework1'"), ("ps1_model_and_loss", "nbgrader generate_assignment ps1")],
)
def test_without_card_or_record_nothing_is_graded(group, slug, sentence):
    """An assignment without a card, or not yet generated, is refused in one sentence."""
    folder = group.folder / "submitted" / "right" / slug
    folder.mkdir()
    shutil.copy(group.folder / "submitted" / "right" / SLUG / f"{SLUG}.ipynb", folder / f"{slug}.ipynb")
    try:
        done = nbgrader(group.folder, "autograde", slug)
    finally:
        shutil.rmtree(folder)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (group.folder / "autograded" / "right" / slug).exists()


def test_validate_tells_right_from_wrong(group):
    """`nbgrader validate`, as typed by a student: success for a right notebook, the report for the stub."""
    folder = group.folder / "release" / SLUG
    right = group.folder / "source" / SLUG / f"{SLUG}.ipynb"
    shutil.copy(right, folder / "mine.ipynb")
    try:
        assert "Success!" in nbgrader(folder, "validate", "mine.ipynb").stdout
        done = nbgrader(folder, "validate", f"{SLUG}.ipynb")
    finally:
        (folder / "mine.ipynb").unlink()
    assert "VALIDATION FAILED ON 2 CELL(S)" in done.stdout
    assert "train_batch" in done.stdout
