"""The parts of the nbgrader plug-in, each on its own: reading, matching, repairing, outputs, pages, the seed."""

from __future__ import annotations

import base64
import copy
import json
import os
import stat

import pytest

pytest.importorskip("nbgrader", reason="the plug-in belongs to the instructor's extra")

from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.apps import autogradeapp
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from graders.engine.card import Card, Exercise
from graders.engine.source import Unreadable
from graders.engine.verdict import ExerciseVerdict, Report
from graders.frontends.nbgrader import configure, course, grading, outputs
from graders.frontends.nbgrader.comments import GRADER_FAILED, comment_for, other_assignment
from graders.frontends.nbgrader.converters import CourseAutograde, is_ordinary
from graders.frontends.nbgrader.pages import safe_markdown
from graders.frontends.nbgrader.preprocessors import GradeNotebook, SaveVerdicts
from graders.frontends.nbgrader.record import MasterCell, disagreement
from graders.frontends.nbgrader.repair import defines, repair
from graders.frontends.nbgrader.submitted import MARK, plain_notebook, read_submission, unreadable_notebook

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()
PS3 = "ps3_batch_descent"
SETUP = "import torch"
STUB = "def slope(x):\n    raise NotImplementedError"
ANSWER = "def slope(x):\n    return 2 * x"


def master(name, source, **flags):
    """Return one cell of the record."""
    defaults = {"cell_type": "code", "locked": False, "grade": False, "solution": False, "task": False}
    return MasterCell(name=name, source=source, points=flags.pop("points", 0.0), checksum="c", **defaults | flags)


RECORD = (
    master("setup", SETUP, locked=True),
    master("slope", STUB, solution=True),
    master("check_slope", "check(slope)", locked=True, grade=True, points=3.0),
    master("essay", "Write here.", cell_type="markdown", solution=True, grade=True, points=1.0),
)
WHOLE = [
    ("markdown", "# Lesson", ""),
    ("code", SETUP, "setup"),
    ("code", ANSWER, "slope"),
    ("code", "check(slope)", "check_slope"),
    ("markdown", "My essay.", "essay"),
]


def repaired(*cells):
    """Return a repaired notebook of (kind, text, claimed id)."""
    return repair(plain_notebook(list(cells)), RECORD)


def ids(notebook):
    """Return the grade_ids of a notebook in order, None for ordinary cells."""
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]


def cell_of(notebook, name):
    """Return the cell of that grade_id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def running(notebook):
    """Return the texts the worker runs."""
    return [cell.source for cell in grading.cells_to_run(notebook).values()]


def verdict(**changes):
    """Return a verdict on train_batch, half right unless told otherwise."""
    values = {
        "name": "train_batch",
        "score": 3.3,
        "points": 6.0,
        "status": "failed",
        "fact": "Every change is half of what it should be.",
        "hint": "Look at the derivative of a square.",
        "diagnosis": ("factor-two-missing",),
        "first_difference": None,
        "cases": (),
        "report": Report(heading="train_batch · 3 points", read_again="The mathematics"),
    }
    return ExerciseVerdict(**values | changes)


class TestRepair:
    def test_an_untouched_notebook_keeps_its_order(self):
        """Every cell stays where it is, the record's with the record's metadata."""
        notebook = repaired(*WHOLE)
        assert ids(notebook) == [None, "setup", "slope", "check_slope", "essay"]
        assert cell_of(notebook, "slope").source == ANSWER
        assert cell_of(notebook, "check_slope").metadata.nbgrader.points == 3.0
        assert running(notebook) == [SETUP, ANSWER]

    def test_what_the_student_claims_of_points_flags_and_tags_is_dropped(self):
        """Metadata is made anew from the record, so a flag, a tag or a schema in the file has no effect."""
        notebook = plain_notebook(WHOLE)
        check = notebook.cells[3]
        check.metadata = {
            "tags": ["skip-execution", "remove-cell"],
            "nbgrader": {"grade_id": "check_slope", "grade": False, "points": 600, "schema_version": 99, "locked": 0},
        }
        restored = cell_of(repair(notebook, RECORD), "check_slope")
        assert restored.metadata.nbgrader == RECORD[2].metadata()
        assert set(restored.metadata) == {"nbgrader", MARK}

    def test_a_missing_check_cell_comes_back_behind_its_exercise(self):
        """A deleted check cell is put back at its place and does not run."""
        notebook = repaired(*[cell for cell in WHOLE if cell[2] != "check_slope"])
        assert ids(notebook) == [None, "setup", "slope", "check_slope", "essay"]
        assert running(notebook) == [SETUP, ANSWER]

    def test_everything_missing_comes_back_in_order(self):
        """An empty notebook becomes the record's; the stub does not run."""
        notebook = repaired()
        assert ids(notebook) == ["setup", "slope", "check_slope", "essay"]
        assert running(notebook) == [SETUP]

    def test_a_function_is_found_where_the_metadata_is_lost(self):
        """The answer is the cell that defines the function, whatever it claims."""
        notebook = repaired(*[(kind, source, "") for kind, source, _ in WHOLE])
        assert ids(notebook) == [None, "setup", "slope", "check_slope", "essay", None]
        assert cell_of(notebook, "slope").source == ANSWER

    def test_a_renamed_cell_does_not_hide_the_function(self):
        """A claim on another exercise's id loses against the function it defines."""
        notebook = repaired(("code", ANSWER, "setup"), ("code", SETUP, "slope"))
        assert cell_of(notebook, "slope").source == ANSWER
        assert cell_of(notebook, "setup").source == SETUP

    def test_copies_count_once(self):
        """A copied check cell and a copied answer stay as ordinary cells."""
        notebook = repaired(*WHOLE, WHOLE[2], WHOLE[3])
        assert sorted(filter(None, ids(notebook))) == ["check_slope", "essay", "setup", "slope"]
        assert running(notebook) == [SETUP, ANSWER, ANSWER, "check(slope)"]

    def test_a_changed_locked_cell_is_restored_and_the_changes_still_run(self):
        """The instructor's text stands in the locked cell, the student's behind it as an ordinary one."""
        changed = SETUP + "\nimport math"
        notebook = repaired(("code", changed, "setup"), *WHOLE[2:])
        assert cell_of(notebook, "setup").source == SETUP
        assert running(notebook) == [SETUP, changed, ANSWER]

    def test_an_answer_turned_into_text_becomes_code_again(self):
        """A cell whose type was changed by accident still counts."""
        notebook = repaired(*[("markdown" if name == "slope" else kind, text, name) for kind, text, name in WHOLE])
        assert cell_of(notebook, "slope").cell_type == "code"
        assert running(notebook) == [SETUP, ANSWER]

    def test_cells_are_numbered_as_the_student_counts_them(self):
        """Labels follow the submitted notebook's code cells, so a traceback names the right one."""
        notebook = repaired(WHOLE[0], ("code", "1 + 1", ""), *WHOLE[1:])
        assert [cell.name for cell in grading.cells_to_run(notebook).values()] == ["1", "2", "3"]

    def test_a_function_given_by_assignment_is_seen(self):
        """def, class, and a plain or annotated assignment define; a comparison or a longer name does not."""
        assert all(defines(text, "f") for text in ("def f(x):", "class f:", "f = g", "f: int = 3", "async def f():"))
        assert not any(defines(text, "f") for text in ("f == 3", "def ff():", "  f = 1", "# def f():"))


class TestReading:
    def write(self, folder, cells, name="ps.ipynb", **extra):
        """Write a notebook file into a submission folder and return where it is expected."""
        folder.mkdir(parents=True, exist_ok=True)
        document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **extra}
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
        return folder / "ps.ipynb"

    def test_only_kind_text_and_claimed_id_are_kept(self, tmp_path):
        """Attachments, tags, outputs and ids of the file are gone."""
        cell = {
            "cell_type": "code",
            "source": ["a = 1\n", "a"],
            "id": "x" * 400,
            "metadata": {"tags": ["t"], "nbgrader": {"grade_id": "slope", "points": 9}},
            "outputs": [{"output_type": "stream", "name": "stderr", "text": "x"}],
        }
        notebook = read_submission(self.write(tmp_path / "a", [cell, {"cell_type": "markdown"}]), tmp_path)
        assert notebook.cells[0].source == "a = 1\na"
        assert notebook.cells[0].metadata == {"nbgrader": {"grade_id": "slope"}}
        assert notebook.cells[0].outputs == []
        assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1"]

    @pytest.mark.parametrize("claim", [["a"], {"a": 1}, 7, None, "a b", "x" * 200, "<script>"])
    def test_a_strange_claim_counts_as_none(self, tmp_path, claim):
        """A grade_id that is no plain name is dropped."""
        cell = {"cell_type": "code", "source": "1", "metadata": {"nbgrader": {"grade_id": claim}}}
        assert read_submission(self.write(tmp_path / "a", [cell]), tmp_path).cells[0].metadata == {}

    def test_another_name_is_accepted_where_it_is_the_only_one(self, tmp_path):
        """A browser's copy ("ps (1).ipynb") is read; two of them are not guessed about."""
        expected = self.write(tmp_path / "a", [{"cell_type": "code", "source": "1"}], name="ps (1).ipynb")
        assert read_submission(expected, tmp_path).cells[0].source == "1"
        self.write(tmp_path / "a", [], name="ps (2).ipynb")
        with pytest.raises(Unreadable, match=r"more than one"):
            read_submission(expected, tmp_path)

    def test_a_python_file_is_read_as_cells(self, tmp_path):
        """A .py file becomes code cells without the empty lines that keep its numbering."""
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "ps.py").write_text(f"import torch\n\n\n{ANSWER}\n", encoding="utf-8")
        notebook = read_submission(tmp_path / "a" / "ps.ipynb", tmp_path)
        assert [cell.source for cell in notebook.cells] == ["import torch", ANSWER]

    def test_an_empty_folder_says_what_is_missing(self, tmp_path):
        """The sentence names the file that should be there."""
        (tmp_path / "a").mkdir()
        with pytest.raises(Unreadable, match=r"There is no ps\.ipynb"):
            read_submission(tmp_path / "a" / "ps.ipynb", tmp_path)

    def test_links_and_fifos_are_refused(self, tmp_path):
        """A notebook or folder that points elsewhere is not followed, a FIFO not waited for."""
        secret = self.write(tmp_path / "teacher", [])
        for name, make in {
            "file": lambda folder: (folder / "ps.ipynb").symlink_to(secret),
            "zero": lambda folder: (folder / "ps.ipynb").symlink_to("/dev/zero"),
            "fifo": lambda folder: os.mkfifo(folder / "ps.ipynb"),
        }.items():
            (tmp_path / name).mkdir()
            make(tmp_path / name)
            with pytest.raises(Unreadable, match=r"ps\.ipynb is"):
                read_submission(tmp_path / name / "ps.ipynb", tmp_path)
        (tmp_path / "folder").symlink_to(tmp_path / "teacher")
        with pytest.raises(Unreadable, match="is a link"):
            read_submission(tmp_path / "folder" / "ps.ipynb", tmp_path)

    def test_the_instructors_own_link_is_followed(self, tmp_path):
        """All submissions may lie on another disk: only links inside a submission are refused."""
        self.write(tmp_path / "disk" / "ada", [{"cell_type": "code", "source": "1"}])
        (tmp_path / "submitted").symlink_to(tmp_path / "disk")
        expected = tmp_path / "submitted" / "ada" / "ps.ipynb"
        assert read_submission(expected, tmp_path / "submitted").cells[0].source == "1"

    def test_a_damaged_file_says_so(self, tmp_path):
        """Broken JSON ends in one sentence, not in a traceback."""
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "ps.ipynb").write_text('{"cells": [', encoding="utf-8")
        with pytest.raises(Unreadable, match="damaged"):
            read_submission(tmp_path / "a" / "ps.ipynb", tmp_path)

    def test_only_small_regular_files_are_ordinary(self, tmp_path):
        """What lies beside a notebook is copied only if it is a plain file of its size."""
        (tmp_path / "data.csv").write_text("1,2")
        (tmp_path / "zero").symlink_to("/dev/zero")
        os.mkfifo(tmp_path / "fifo")
        assert is_ordinary(tmp_path / "data.csv", 3)
        assert not is_ordinary(tmp_path / "data.csv", 2)
        assert not any(is_ordinary(tmp_path / name, 9) for name in ("zero", "fifo", "missing"))


class TestOutputs:
    def graded_cell(self, made):
        """Return a check cell as nbgrader sees it."""
        notebook = repaired(*WHOLE)
        cell = cell_of(notebook, "check_slope")
        cell.metadata.nbgrader.points = 6.0
        cell.outputs = made
        return cell

    @pytest.mark.parametrize("score", [0.0, 0.1 + 0.2, 3.3, 6.0, 6.0000000001, -0.0, -1.0])
    def test_nbgrader_reads_the_score_we_mean(self, score):
        """Exactly one number, clamped to the points, and nbgrader's own reading of it."""
        made = outputs.check_outputs(verdict(score=score), 6.0, 4)
        numbers = [output for output in made if output.output_type == "execute_result"]
        assert len(numbers) == 1
        read, points = utils.determine_grade(self.graded_cell(made))
        assert read == pytest.approx(min(max(score, 0.0), 6.0), abs=1e-8)
        assert points == 6.0

    @pytest.mark.parametrize("score", [float("nan"), float("inf")])
    def test_a_score_that_is_no_number_is_our_error(self, score):
        """NaN would be full points for nbgrader, so it never gets that far."""
        with pytest.raises(ValueError, match="score"):
            outputs.check_outputs(verdict(score=score), 6.0, 1)

    def test_a_message_earns_nothing(self):
        """A check cell of an unreadable notebook is 0, not empty (which would be full points)."""
        assert utils.determine_grade(self.graded_cell(outputs.message_outputs("Damaged.", 1))) == (0.0, 6.0)

    def test_the_report_stands_in_both_forms(self):
        """HTML for pages, text for everything else, and the curve as a picture of its own."""
        report = Report(heading="train_batch · 3 points", curve=((3.0, 2.0), (3.0, 1.0)))
        shown, picture, _number = outputs.check_outputs(verdict(report=report), 6.0, 1)
        assert shown.data["text/html"].startswith('<div class="descentlab')
        assert shown.data["text/plain"].startswith("train_batch")
        assert picture.data["image/svg+xml"].startswith("<svg")
        assert "Your loss goes from 3 to 2" in picture.data["text/plain"]
        assert "Your loss goes from 3 to 2" in shown.data["text/html"]

    def test_only_text_and_real_pictures_come_through(self):
        """HTML, scripts, widgets and a picture that is none are left out."""
        hostile = [
            {
                "output_type": "display_data",
                "data": {"text/html": "<script>", "application/javascript": "x", "image/svg+xml": "<svg/>"},
            },
            {"output_type": "display_data", "data": {"image/png": '"><script>alert(1)</script>'}},
            {"output_type": "display_data", "data": {"image/png": PNG, "text/html": "<b>"}},
            {"output_type": "execute_result", "data": {"text/plain": "6.0", "text/html": "<i>"}},
            {"output_type": "update_display_data", "data": {"text/plain": "x"}},
            {"output_type": "stream", "name": "stderr", "text": "\x1b]0;title\x07 \u202e \ud800"},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": "no list"},
            {"output_type": "stream", "text": None},
        ]
        kept = outputs.captured_outputs(hostile)
        assert [sorted(output.get("data", {})) for output in kept] == [["image/png"], ["text/plain"], [], [], []]
        json.dumps(kept).encode("utf-8")
        assert not any(sign in kept[2].text for sign in "\x1b\x07\u202e\ud800")

    def test_too_much_is_cut(self):
        """A flood of outputs or of text is cut with a note."""
        flood = [{"output_type": "stream", "name": "stdout", "text": "x" * 200_000}] * 300
        kept = outputs.captured_outputs(flood)
        assert len(kept) == outputs.MOST_OUTPUTS + 1
        assert len(kept[0].text) < 101_000


class TestComments:
    def test_a_wrong_answer_gets_fact_hint_and_names(self):
        """The comment says what the report says, in one line."""
        assert comment_for(verdict()) == (
            "Every change is half of what it should be. Look at the derivative of a square. "
            "Read again: The mathematics. (factor-two-missing)"
        )

    def test_a_right_answer_gets_none_and_our_failure_is_ours(self):
        """Silence for what is right; the grader's own failure never blames the student."""
        assert comment_for(verdict(status="passed")) is None
        assert comment_for(verdict(status="grader-error")) == GRADER_FAILED


class TestPages:
    @pytest.mark.parametrize(
        "source",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href='data:text/html,<script>1</script>'>x</a>",
            "<iframe src=//x></iframe>",
            "<style>body{display:none}</style>",
            "<div style='position:fixed' onclick='x()'>y</div>",
            "<svg onload=alert(1)>",
            "<form action=//x><button>Log in</button></form>",
        ],
    )
    def test_a_students_text_cannot_act(self, source):
        """No tag or attribute that runs, loads, covers or asks survives in a Markdown cell."""
        from bs4 import BeautifulSoup

        soup = BeautifulSoup(safe_markdown(source), "html.parser")
        assert not soup.find(["script", "iframe", "style", "svg", "form", "button"])
        for tag in soup.find_all(True):
            assert not {name for name in tag.attrs if name.startswith("on") or name == "style"}
            assert not str(tag.attrs.get("href", "")).lower().startswith(("javascript", "data"))

    def test_a_lesson_keeps_its_form(self):
        """Headings, tables, lists, code, pictures and mathematics stay."""
        page = safe_markdown("# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- `x<y`\n\n$$a < b & c$$\n")
        for part in ("<h1", "<table", "<td>1</td>", "<li><code>x&lt;y</code>", "$$a &lt; b &amp; c$$"):
            assert part in page


class TestCourse:
    def test_the_seed_is_made_once_and_is_private(self, tmp_path):
        """The same number each time, readable by its owner alone, another one in another course."""
        (tmp_path / "other").mkdir()
        seed = course.seed_of(tmp_path)
        assert course.seed_of(tmp_path) == seed != course.seed_of(tmp_path / "other")
        assert stat.S_IMODE((tmp_path / ".descentlab" / "seed").stat().st_mode) == 0o600
        assert [path.name for path in (tmp_path / ".descentlab").iterdir()] == ["seed"]

    def test_a_damaged_seed_says_what_to_do(self, tmp_path):
        """A seed that is no number is named, not replaced in silence."""
        (tmp_path / ".descentlab").mkdir()
        (tmp_path / ".descentlab" / "seed").write_text("x")
        with pytest.raises(course.CourseError, match="Delete it"):
            course.seed_of(tmp_path)

    def test_an_assignment_without_a_card_is_refused(self):
        """The sentence names the assignments there are."""
        with pytest.raises(course.CourseError, match=r"no grader for 'homework1'.*ps3_batch_descent"):
            course.card_of("homework1")

    def test_alembic_is_found_beside_this_python(self, monkeypatch, tmp_path):
        """A PATH without this environment's commands is completed, at its end."""
        monkeypatch.setenv("PATH", str(tmp_path))
        course.find_commands()
        assert os.environ["PATH"].split(os.pathsep)[0] == str(tmp_path)
        assert course.shutil.which("alembic")

    def test_record_and_card_must_agree(self):
        """Missing check cells, other points and strangers are named."""
        exercise = Exercise("slope", 3.0, "", "", "", {}, (), list, lambda _: [])
        card = Card("ps", "", (exercise,), {})
        assert disagreement(card, RECORD) == ""
        assert "no check cell check_slope" in disagreement(card, RECORD[:2])
        assert "other points" in disagreement(card, (master("check_slope", "", grade=True, points=4.0),))
        stranger = master("check_other", "", grade=True, points=1.0)
        assert "check_other" in disagreement(card, (*RECORD, stranger))


def test_the_notebook_of_another_assignment_is_named():
    """Only where nothing of this assignment is there and something of another one is."""
    assert "This looks like ps1_model_and_loss: it holds mse" in other_assignment(["def mse(a, b):\n    1"], PS3)
    assert other_assignment(["def mse(a, b):\n    1", "def train_batch():\n    1"], PS3) == ""
    assert other_assignment(["x = 1"], PS3) == ""


def test_an_ungraded_notebook_is_not_saved():
    """A chain without our grading step would give full points for empty cells: it is refused."""
    with pytest.raises(course.CourseError, match="not graded by descentlab"):
        SaveVerdicts().preprocess(repaired(*WHOLE), {})


def test_a_chain_without_our_steps_is_refused(tmp_path, monkeypatch):
    """A configuration that puts nbgrader's own Execute back grades nothing, and says which setting it is."""
    config = Config()
    config.Autograde.autograde_preprocessors = [stock.Execute, stock.SaveAutoGrades]
    folder = CourseDirectory(root=str(tmp_path), assignment_id=PS3)
    converter = CourseAutograde(coursedir=folder, config=config)
    with pytest.raises(NbGraderException, match="has no GradeNotebook"):
        converter.start()
    assert list(tmp_path.iterdir()) == []


def test_configure_may_run_again():
    """nbgrader reads its configuration more than once; the second time changes nothing."""
    config = Config()
    configure(config)
    before = copy.deepcopy(config)
    configure(config)
    assert config == before
    assert config.CourseDirectory.source_directory == "source"
    assert config.Autograde.autograde_preprocessors[0] is GradeNotebook
    assert stock.Execute not in config.Autograde.autograde_preprocessors
    assert autogradeapp.Autograde is CourseAutograde


def test_an_unreadable_notebook_is_never_run():
    """No worker is asked for a notebook that could not be read."""
    notebook = repair(unreadable_notebook("Damaged."), RECORD)
    assert notebook.metadata[MARK]["unreadable"] == "Damaged."
    assert "Damaged." in notebook.cells[0].source
    graded = grading.grade_notebook(notebook, None, {}, None)
    assert graded == grading.Graded((), {})
