"""A course folder, nbgrader's own commands run in it, and what its gradebook and pages say."""

from __future__ import annotations

import copy
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SLUG = "ps3_batch_descent"
FULL = {"check_train_batch": 6.0, "check_plot_losses": 2.0}
NONE = {"check_train_batch": 0.0, "check_plot_losses": 0.0}
CONFIG = """from graders.frontends.nbgrader import configure

c = get_config()
configure(c)
"""


def started(course, *arguments):
    """Start one command as an instructor types it, in a shell whose PATH does not hold this environment."""
    environment = os.environ | {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(course),
        "JUPYTER_CONFIG_DIR": str(course / "jupyter"),
    }
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.Popen(
        command, cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process):
    """Wait for a command; return its exit code and what it said."""
    try:
        said = process.communicate(timeout=300)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, *said)


def nbgrader(course, *arguments):
    """Run one command."""
    return ended(started(course, *arguments))


class Class:
    """The course folder, and what its gradebook and pages say."""

    def __init__(self, folder):
        self.folder = folder
        self.said = {}

    def run(self, name, *arguments):
        """Run a command and keep what it says."""
        done = nbgrader(self.folder, name, *arguments)
        self.said[name] = done
        return done

    def submit(self, student, notebook, name=f"{SLUG}.ipynb"):
        """Put a notebook (or any text) into a student's folder; return the folder."""
        folder = self.folder / "submitted" / student / SLUG
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
        return folder

    def query(self, question, *values):
        """Ask the gradebook's database."""
        with sqlite3.connect(f"file:{self.folder / 'gradebook.db'}?mode=ro", uri=True) as base:
            return base.execute(question, values).fetchall()

    def grades(self, student):
        """Return (score, needs a look by hand) of every check cell."""
        rows = self.query(
            "select c.name, g.auto_score, g.needs_manual_grade, g.manual_score from grade g "
            "join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id "
            "join submitted_assignment a on a.id = n.assignment_id where a.student_id = ?",
            student,
        )
        assert all(manual is None for *_, manual in rows)
        return {name: (score, bool(look)) for name, score, look, _ in rows}

    def scores(self, student):
        """Return the score of every check cell."""
        return {name: score for name, (score, _) in self.grades(student).items()}

    def comments(self, student):
        """Return the comment on every answer."""
        rows = self.query(
            "select c.name, m.auto_comment from comment m join base_cell c on c.id = m.cell_id "
            "join submitted_notebook n on n.id = m.notebook_id "
            "join submitted_assignment a on a.id = n.assignment_id where a.student_id = ?",
            student,
        )
        return dict(rows)

    def autograded(self, student):
        """Return the graded notebook."""
        path = self.folder / "autograded" / student / SLUG / f"{SLUG}.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))

    def cell(self, student, name):
        """Return one cell of the graded notebook by its grade_id."""
        cells = self.autograded(student)["cells"]
        found = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == name]
        assert len(found) == 1, f"{name} stands {len(found)} times in the notebook of {student}"
        return found[0]

    def page(self, student):
        """Return the feedback page."""
        path = self.folder / "feedback" / student / SLUG / f"{SLUG}.html"
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def marks(cell):
    """Return nbgrader's metadata of a cell."""
    return cell["metadata"].get("nbgrader", {})


def with_cell(notebook, source, at=None, kind="code", **metadata):
    """Return a copy of a notebook with one more cell."""
    changed = copy.deepcopy(notebook)
    cell = {"id": f"extra{len(source)}", "cell_type": kind, "metadata": metadata, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    changed["cells"].insert(len(changed["cells"]) if at is None else at, cell)
    return changed
