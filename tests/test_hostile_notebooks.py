"""Odd notebooks, links and names through ``descentlab grade``: everyone appears, nobody stops the others."""

from __future__ import annotations

import csv
import json
import os
import unicodedata
from dataclasses import replace

import pytest

from graders.frontends.class_run import grade_class, write_results
from graders.frontends.discover import discover
from tests.hostile.notebooks import HARMLESS, NOTEBOOKS, POINTS, SLUG, UNREADABLE

pytestmark = [pytest.mark.timeout(300), pytest.mark.skipif(os.name != "posix", reason="links and FIFOs")]

FIRST, LAST = "0000_right", "zzzz_right"
NAMES = [
    "-rf",
    "two\nlines",
    "with space",
    "ünï中文",
    "a" * 200,
    "..hidden",
    "semi;colon$(x)",
    "\x1b[31mred",
    "<b onload=x>",
]


def few_keys(slug, seed):
    """Return the key of ``train_batch`` with its first case: what matters here is that it was asked."""
    from graders.keys import public_keys

    key = public_keys(slug)["train_batch"]
    return {"train_batch": replace(key, cases=key.cases[:1])}


class Class:
    """A folder of submissions that has been graded once."""

    def __init__(self, folder):
        self.folder, self.out = folder / "submitted", folder / "out"
        self._hand_in()
        found = discover([self.folder])
        result = grade_class(found, seed=3, out=self.out, jobs=1, trust=True, keys_for=few_keys)
        write_results(self.out, result)
        self.records = {record["student"]: record for record in result.records()}

    def _hand_in(self):
        plain = HARMLESS[0].content
        for odd in NOTEBOOKS:
            self._file(odd.name).write_bytes(odd.content)
        for name in (FIRST, LAST, *NAMES):
            self._file(name).write_bytes(plain)
        self.secret = self.folder.parent / "secret.ipynb"
        self.secret.write_bytes(plain)
        self._file("link").symlink_to(self.secret)
        self._file("link_to_nothing").symlink_to(self.folder / "nothing")
        self._file("link_to_itself").symlink_to(self._file("link_to_itself"))
        self._file("link_to_a_device").symlink_to("/dev/zero")
        self._file("a_folder").mkdir()
        os.mkfifo(self._file("a_fifo"))
        (self.folder / "nobody").mkdir()
        (self.folder / "linked_folder").symlink_to(self.folder / FIRST)

    def _file(self, student):
        folder = self.folder / student / SLUG
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{SLUG}.ipynb"


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    """Return the class after one run over all of it."""
    return Class(tmp_path_factory.mktemp("class"))


def named(odd_ones):
    return [pytest.param(odd, id=odd.name) for odd in odd_ones]


def test_there_are_enough_of_them():
    """At least twenty notebooks, each with a name of its own."""
    names = [odd.name for odd in NOTEBOOKS]
    assert len(names) == len(set(names))
    assert len(names) >= 20


@pytest.mark.parametrize("odd", named(odd for odd in NOTEBOOKS if odd.score is not None))
def test_what_can_be_read_is_graded(group, odd):
    """The answer earns what it is worth, whatever the file around it says."""
    record = group.records[odd.name]
    assert record["status"] == "graded", record.get("message")
    assert record["score"] == odd.score
    assert odd.says in record.get("message", "")


@pytest.mark.parametrize("odd", named(UNREADABLE))
def test_what_cannot_be_read_says_why(group, odd):
    """No points, no exercise judged, one sentence that names the file and the cure."""
    record = group.records[odd.name]
    assert (record["status"], record["score"], record["exercises"]) == ("unreadable", 0.0, [])
    assert odd.says in record["message"]
    assert f"{SLUG}.ipynb" in record["message"]
    assert not [letter for letter in record["message"] if unicodedata.category(letter) in {"Cc", "Cf", "Cs"}]


@pytest.mark.parametrize(
    "student", ["link", "link_to_nothing", "link_to_itself", "link_to_a_device", "a_fifo", "a_folder"]
)
def test_links_fifos_and_folders_are_refused(group, student):
    """What is no ordinary file is not opened, and the student is told so."""
    record = group.records[student]
    assert (record["status"], record["score"]) == ("unreadable", 0.0)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_an_odd_name_is_graded_under_that_name(group, name):
    """The student's name is data: it is neither lost nor an option, a path or a tag."""
    record = group.records.get(name)
    if name.startswith("."):
        assert record is None  # hidden folders are nobody's
        return
    assert (record["status"], record["score"]) == ("graded", POINTS)


def test_the_others_are_graded_the_same(group):
    """The first and the last of the class, the same file, have the same result."""
    first, last = ({**group.records[name], "student": "", "path": "", "seconds": 0} for name in (FIRST, LAST))
    assert first == last
    assert first["score"] == POINTS


def test_everyone_on_disk_appears(group):
    """Also whoever handed in nothing, or a link for a folder."""
    on_disk = {entry.name for entry in group.folder.iterdir() if not entry.name.startswith(".")}
    assert on_disk <= set(group.records)
    assert group.records["nobody"]["status"] == "unreadable"
    assert group.records["linked_folder"]["status"] == "unreadable"


def test_nothing_lies_outside_the_results(group):
    """Pages and files stand below the folder of the results, whatever a student is called."""
    assert {path.name for path in group.folder.parent.iterdir()} == {"submitted", "out", "secret.ipynb"}
    for path in group.out.rglob("*"):
        assert not path.is_symlink()
        assert path.resolve().is_relative_to(group.out.resolve())


def test_the_results_are_whole(group):
    """results.json and grades.csv hold everyone, and no page carries a tag out of a name."""
    results = json.loads((group.out / "results.json").read_text(encoding="utf-8"))
    assert {record["student"] for record in results["submissions"]} == set(group.records)
    with (group.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) >= len(group.records) + 1
    for page in group.out.rglob("*.html"):
        assert "<b onload" not in page.read_text(encoding="utf-8")


def test_a_second_run_grades_nothing_again(group):
    """Everything is in the ledger, also what could not be read."""
    result = grade_class(discover([group.folder]), seed=3, out=group.out, jobs=1, trust=True, keys_for=few_keys)
    assert result.resumed == len(group.records)


# Those of them at which stock nbgrader stumbles, and the ways a file can be broken.
FOR_NBGRADER = [
    "plain", "byte_order_mark", "utf16", "metadata_is_a_list", "metadata_of_cells_is_none", "marks_are_text",
    "marks_are_flipped", "marks_of_version_99", "marks_promise_points", "marks_of_one_name", "marks_are_gone",
    "tags_skip_execution", "ids_twice", "ids_of_other_types", "format_3", "format_99", "format_missing",
    "kernel_of_other_types", "sources_of_other_types", "entries_that_are_no_cells", "cells_of_unknown_type",
    "outputs_of_other_types", "outputs_that_show_full_points", "nul_in_a_cell", "lone_surrogates",
    "checks_that_raise", "no_cells", "empty", "cut_short", "nested_too_deeply",
    "cells_are_text", "written_in_r", "nothing_but_nul",
]  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course whose odd notebooks have been through one real ``nbgrader autograde``."""
    pytest.importorskip("nbgrader", reason="the plug-in belongs to the instructor's extra")
    from tests.test_nbgrader_course import CONFIG
    from tests.test_nbgrader_course import Class as Course

    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    course = Course(folder)
    assert course.run("generate_assignment", SLUG).returncode == 0, course.said["generate_assignment"].stderr
    for odd in NOTEBOOKS:
        if odd.name in FOR_NBGRADER:
            (course.submit(odd.name, "") / f"{SLUG}.ipynb").write_bytes(odd.content)
    for name in (FIRST, LAST):
        (course.submit(name, "") / f"{SLUG}.ipynb").write_bytes(HARMLESS[0].content)
    done = course.run("autograde", SLUG)
    if "allows no isolation" in done.stderr:
        pytest.skip(done.stderr.strip())
    return course


@pytest.mark.slow
@pytest.mark.parametrize("odd", named(odd for odd in NOTEBOOKS if odd.name in FOR_NBGRADER))
def test_nbgrader_grades_or_says_why(course, odd):
    """The same points as by ``descentlab grade``; what cannot be read is for a person to look at."""
    score, look = course.grades(odd.name)["check_train_batch"]
    assert score == (odd.score or 0.0)
    assert look == (odd.score is None)
    if odd.score is None:
        assert odd.says in course.comments(odd.name)["train_batch"]


@pytest.mark.slow
def test_nbgrader_went_through_the_whole_class(course):
    """One command, no traceback, the first and the last graded the same, nothing added by hand."""
    assert course.said["autograde"].returncode == 0, course.said["autograde"].stderr[-3000:]
    assert "Traceback" not in course.said["autograde"].stderr
    assert course.grades(FIRST) == course.grades(LAST)
    assert course.scores(FIRST)["check_train_batch"] == POINTS
    graded = {name for (name,) in course.query("select student_id from submitted_assignment")}
    assert graded == {*FOR_NBGRADER, FIRST, LAST}
