"""Whole commands, timed from outside: wall clock, and CPU seconds of the command and all it started and waited for."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.people import ROOT, SLUG


@dataclass(frozen=True)
class Timed:
    """One command: seconds on the clock, and CPU seconds as far as its processes waited for their children."""

    wall: float
    cpu: float
    said: str


def run(module, *arguments, cwd):
    """Run one module of this Python as a command; raise with what it said if it fails."""
    return _run(["-m", module, *arguments], cwd)


def run_code(code, *arguments, cwd):
    """Run a program given as text."""
    return _run(["-c", code, *arguments], cwd)


def _run(arguments, cwd):
    beside = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join([beside, os.environ.get("PATH", os.defpath)]),
        "HOME": str(cwd),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[-3:])} failed:\n{done.stdout}\n{done.stderr}")
    return Timed(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout)


def nbgrader(course, *arguments):
    """Run one nbgrader command in a course folder."""
    return run("nbgrader", *arguments, cwd=course)


def scores(course):
    """Return each student's points out of a gradebook, by exercise."""
    question = """
        select student.id, base_cell.name, grade.auto_score from grade
        join base_cell on grade.cell_id = base_cell.id
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id
    """
    with sqlite3.connect(Path(course) / "gradebook.db") as base:
        return {(student, cell): score for student, cell, score in base.execute(question)}


def autograde(course):
    """Grade the whole class with nbgrader's own command."""
    return nbgrader(course, "autograde", SLUG, "--force")
