"""The gradebook while a command runs: one engine, nobody's changes lost or mixed, all scores of a submission or none."""

from __future__ import annotations

import os

import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator

from graders.frontends.nbgrader import course, gradebooks, preprocessors
from graders.frontends.nbgrader.gradebooks import ENGINES
from graders.frontends.nbgrader.record import MasterCell
from graders.frontends.nbgrader.repair import repair
from graders.frontends.nbgrader.submitted import plain_notebook


@pytest.fixture
def url(tmp_path, monkeypatch):
    """A gradebook with one student, and nbgrader's class as the course uses it."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    course.find_commands()
    gradebooks.install()
    address = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(address) as gradebook:
        gradebook.add_student("ada")
    return address


def test_one_engine_while_a_command_runs(url):
    """Gradebooks opened one after the other use one engine during a command, and one each otherwise."""
    with Gradebook(url) as first, Gradebook(url) as second:
        assert first.engine is not second.engine
    with ENGINES.kept():
        with Gradebook(url) as first:
            assert [student.id for student in first.students] == ["ada"]
        with Gradebook(url) as second:
            assert second.engine is first.engine
            assert second.course_id == "default_course"
        with ENGINES.kept():
            pass
        assert ENGINES.holds(first.engine)
    assert not ENGINES.holds(first.engine)


def test_what_was_not_committed_is_gone(url):
    """A gradebook that is closed leaves nothing half-done to the next one."""
    with ENGINES.kept():
        with Gradebook(url) as first:
            first.find_student("ada").first_name = "Ada"
        with Gradebook(url) as second:
            assert second.find_student("ada").first_name is None
            second.find_student("ada").last_name = "Lovelace"
            second.db.commit()
        with Gradebook(url) as third:
            assert third.find_student("ada").last_name == "Lovelace"


def test_another_file_under_the_same_name_is_opened(url, tmp_path):
    """A gradebook that was put back from a copy meanwhile is the one that is read and written."""
    with ENGINES.kept():
        with Gradebook(url) as first:
            old = first.engine
        (tmp_path / "gradebook.db").rename(tmp_path / "old.db")
        with Gradebook(url) as second:
            assert second.engine is not old
            assert second.students == []
            second.add_student("blaise")
        with Gradebook(url) as third:
            assert [student.id for student in third.students] == ["blaise"]


def test_all_scores_of_a_submission_or_none(url, monkeypatch):
    """Where saving fails half-way, the gradebook is as it was: no submission is half graded."""
    resources = {
        "nbgrader": {"notebook": "n", "assignment": "a", "student": "ada", "db_url": url},
        preprocessors.VERDICTS: {},
    }
    notebook = plain_notebook([("code", "1", ""), ("code", "2", "")])
    saving = preprocessors.SaveVerdicts()

    def half(cell, known, index):
        del cell, known
        saving.gradebook.find_student("ada").first_name = f"cell {index}"
        saving.gradebook.db.commit()
        if index == 1:
            raise RuntimeError("the second cell")

    monkeypatch.setattr(saving, "preprocess_cell", half)
    with pytest.raises(RuntimeError, match="the second cell"):
        saving.preprocess(notebook, resources)
    with Gradebook(url) as gradebook:
        assert gradebook.find_student("ada").first_name is None


def test_the_metadata_of_a_repaired_notebook_is_nbgraders():
    """What a record puts back is complete and of nbgrader's present schema, whatever was handed in."""
    record = [
        MasterCell("setup", "code", "import torch", True, False, False, False, 0.0, "1" * 32),
        MasterCell("forward", "code", "", False, False, True, False, 0.0, "2" * 32),
        MasterCell("check_forward", "code", "check(forward)", True, True, False, False, 2.0, "3" * 32),
        MasterCell("why", "markdown", "", False, True, True, False, 1.0, "4" * 32),
        MasterCell("look", "markdown", "Look.", True, False, False, True, 3.0, "5" * 32),
    ]
    handed_in = plain_notebook([("raw", "nothing", "forward"), ("code", "def forward(): ...", "setup")])
    repaired = repair(handed_in, record)
    MetadataValidator().validate_nb(repaired)
    names = [cell.metadata["nbgrader"]["grade_id"] for cell in repaired.cells if "nbgrader" in cell.metadata]
    assert sorted(names) == sorted(cell.name for cell in record)
