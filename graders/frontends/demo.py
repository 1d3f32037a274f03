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

from graders.frontends.build import ROOT
from graders.frontends.sample_class import FOLDER, sample_class, write_class
from graders.frontends.text import number, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    slugs = [slug for slug in slugs if (ROOT / FOLDER / slug).is_dir()]
    if not slugs:
        raise DemoFailedError(f"There are no sample programs for this in {FOLDER}; ps1, ps2 and ps3 have some.")
    course = _course(folder)
    print(f"A course in {course}")
    for slug in slugs:
        print(f"\n{slug}")
        samples = grade_samples(slug, course)
        _print_class(slug, samples, course)
    print(
        f"\nFeedback pages: {course / 'feedback'}/STUDENT/ASSIGNMENT/ASSIGNMENT.html"
        f"\nGrades:         {course / GRADES}"
        f"\nIn that folder every nbgrader command works, for example: nbgrader formgrader"
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


def _print_class(slug: str, samples: Sequence[Sample], course: Path) -> None:
    from rich.console import Console

    print()
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(class_table(samples, read_scores(course / GRADES, slug)))


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
