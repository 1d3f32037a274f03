"""``descentlab demo``: a class of sample submissions goes through the real nbgrader, as an instructor would type it."""

from __future__ import annotations

import csv
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graders.cards import load
from graders.frontends.build import ROOT
from graders.frontends.sample_class import FOLDER, sample_class, write_class
from graders.frontends.text import number, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from graders.frontends.sample_class import Sample

CONFIG = """from graders.frontends.nbgrader import configure

c = get_config()
configure(c)
"""
GRADES = "grades.csv"
SECONDS = 1800


class DemoFailedError(RuntimeError):
    """A command of the demo did not do its work; the sentence says which one."""


def run_demo(slugs: Sequence[str], folder: Path | None) -> None:
    """Make a course in ``folder``, grade a sample class for every assignment, print the table and where pages lie."""
    there = sorted(path.name for path in (ROOT / FOLDER).glob("*/"))
    slugs = [slug for slug in slugs if slug in there]
    if not slugs:
        raise DemoFailedError(f"There are no sample programs for this in {FOLDER}; there are for {', '.join(there)}.")
    course = _course(folder)
    print(f"A course in {course}")
    for slug in slugs:
        print(f"\n{slug}")
        samples = grade_samples(slug, course)
        _print(class_table(samples, read_scores(course / GRADES, slug)))
        _print_waiting(slug, waiting_cells(course, slug))
    if len(slugs) > 1:
        print("\nThe whole course")
        _print(course_table({slug: read_scores(course / GRADES, slug) for slug in slugs}))
    print(
        f"\nFeedback pages: {course / 'feedback'}/STUDENT/ASSIGNMENT/ASSIGNMENT.html"
        f"\nGrades:         {course / GRADES}"
        f"\nIn that folder every nbgrader command works; for formgrader, start jupyter lab there (menu Nbgrader)."
    )


def grade_samples(slug: str, course: Path) -> list[Sample]:
    """Take the sample class of one assignment through nbgrader's commands in a course folder."""
    nbgrader(course, "generate_assignment", slug, "--force")
    stub = (course / "release" / slug / f"{slug}.ipynb").read_text(encoding="utf-8")
    samples = sample_class(slug, stub, ROOT)
    write_class(samples, slug, course / "submitted")
    print(f"  made {len(samples)} submissions in submitted/")
    nbgrader(course, "autograde", slug, "--force")
    nbgrader(course, "generate_feedback", slug, "--force")
    nbgrader(course, "export", "--to", GRADES)
    return samples


def nbgrader(course: Path, *arguments: str) -> None:
    """Run one nbgrader command in the course folder, its output kept in descentlab-demo.log."""
    print(f"  $ nbgrader {shlex.join(arguments)}", flush=True)
    beside = os.pathsep.join([str(Path(sys.executable).parent), sysconfig.get_path("scripts")])
    program = shutil.which("nbgrader", path=beside) or shutil.which("nbgrader")
    if program is None:
        raise DemoFailedError("nbgrader is not installed; install it with: pip install 'descentlab[instructor]'")
    environment = dict(os.environ)
    # the course lies elsewhere; the graders and their solutions are those of this checkout
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
    environment["PATH"] = os.pathsep.join([beside, environment.get("PATH", os.defpath)])
    try:
        done = subprocess.run(
            [program, *arguments], cwd=course, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise DemoFailedError(f"nbgrader {arguments[0]} did not end within {SECONDS // 60} minutes.") from None
    with (course / "descentlab-demo.log").open("ab") as log:
        log.write(f"$ nbgrader {shlex.join(arguments)}\n".encode() + done.stdout + done.stderr)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"]
        raise DemoFailedError(
            f"nbgrader {arguments[0]} failed: {visible(said[-1])} (all of it is in {course}/descentlab-demo.log)"
        )


def read_scores(grades: Path, slug: str) -> dict[str, tuple[float, float]]:
    """Return each student's score and the most there is, from nbgrader's own export."""
    with grades.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == slug]
    return {row["student_id"]: (float(row["score"] or 0), float(row["max_score"])) for row in rows}


def class_table(samples: Sequence[Sample], scores: dict[str, tuple[float, float]]) -> Table:
    """Return the class as a table: who, how many points, and what was handed in."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("what was handed in", overflow="fold")
    for sample in samples:
        score = scores.get(sample.student)
        points = f"{number(score[0])} of {number(score[1])}" if score else "not in the gradebook"
        table.add_row(Text(sample.student), points, Text(sample.story))
    return table


def course_table(scores: Mapping[str, Mapping[str, tuple[float, float]]]) -> Table:
    """Return the class over all assignments: each student's points, and their sum over what there is to earn."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", no_wrap=True)
    most = {slug: max((there for _, there in of.values()), default=0.0) for slug, of in scores.items()}
    for slug, points in most.items():
        table.add_column(f"{slug.split('_')[0]} of {number(points)}", justify="right", no_wrap=True)
    table.add_column(f"total of {number(sum(most.values()))}", justify="right", no_wrap=True)
    for student in sorted({student for of in scores.values() for student in of}):
        earned = [of[student][0] if student in of else None for of in scores.values()]
        row = ["-" if score is None else number(score) for score in earned]
        table.add_row(Text(student), *row, number(sum(score or 0.0 for score in earned)))
    return table


def waiting_cells(course: Path, slug: str) -> dict[str, list[str]]:
    """Return the cells that wait for a person, with their students: written answers, and what can't be read."""
    from nbgrader.api import Gradebook

    waiting: dict[str, list[str]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(slug):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        waiting.setdefault(grade.name, []).append(submission.student.id)
    return {cell: sorted(students) for cell, students in sorted(waiting.items())}


def _print_waiting(slug: str, waiting: Mapping[str, Sequence[str]]) -> None:
    written = [answer.name for answer in load(slug).written if answer.name in waiting]
    for cell in written:
        print(f"\nTo read and grade in formgrader: {cell} of {', '.join(waiting[cell])}")
    unread = sorted({student for cell, students in waiting.items() if cell not in written for student in students})
    if unread:
        print(f"\nTo look at in formgrader, since no program can read it: the work of {', '.join(unread)}")


def _print(table: Table) -> None:
    from rich.console import Console

    print()
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(table)


def _course(folder: Path | None) -> Path:
    """Return the course folder, with the two lines that make it one."""
    if not (ROOT / "solutions").is_dir():
        raise DemoFailedError(
            "The demo needs the course's solutions, which are not on this machine; run it in a clone of the repository."
        )
    course = Path(tempfile.mkdtemp(prefix="descentlab-demo-")) if folder is None else folder.resolve()
    course.mkdir(parents=True, exist_ok=True)
    config = course / "nbgrader_config.py"
    if folder is not None and not config.exists() and any(course.iterdir()):
        raise DemoFailedError(f"{folder} is not empty and no course; choose a new folder.")
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    return course
