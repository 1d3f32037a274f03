"""The assignment as an instructor of this course uses it: two lines of configuration, nbgrader's own commands."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.commands import nbgrader, run
from tests.benchmarks.people import NOTEBOOK, SLUG

CONFIG = "from graders.frontends.nbgrader import configure\n\nc = get_config()\nconfigure(c)\n"


def make_course(folder):
    """Make a course folder; return the stub students get, and the instructor's source notebook."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    nbgrader(folder, "generate_assignment", SLUG)
    stub = Path(folder, "release", SLUG, NOTEBOOK).read_text(encoding="utf-8")
    return stub, Path(folder, "source", SLUG, NOTEBOOK).read_text(encoding="utf-8")


def grade(folder, out, *, jobs):
    """Grade a folder of submissions with ``descentlab grade``."""
    options = ("--seed", "7", "--jobs", str(jobs), "--format", "csv", "--out", str(out), "--fresh")
    return run("graders", "grade", str(Path(folder, "submitted")), "--assignment", SLUG, *options, cwd=folder)
