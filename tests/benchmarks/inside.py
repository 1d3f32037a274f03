"""Inside ``nbgrader autograde``, stock and ours: until the first submission, running it, and nbgrader's bookkeeping."""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks import ours, people, stock
from tests.benchmarks.commands import run_code

CLOCK = """
import atexit, json, sys, time
begun, seconds = time.perf_counter(), {}

def timed(owner, name, label):
    inner = getattr(owner, name)
    def outer(*args, **options):
        started = time.perf_counter()
        if label == "whole":
            seconds["start"] = started - begun
        try:
            return inner(*args, **options)
        finally:
            seconds[label] = seconds.get(label, 0.0) + time.perf_counter() - started
    setattr(owner, name, outer)

atexit.register(lambda: print("inside", json.dumps(seconds)))
sys.argv[0] = "nbgrader"
"""
STOCK = """
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
timed(Autograde, "convert_notebooks", "whole")
timed(Execute, "preprocess", "run")
timed(Execute, "start_new_kernel", "kernel")
timed(Execute, "start_new_kernel_client", "kernel")
"""
OURS = """
from graders.frontends.nbgrader.ahead import Ahead
from graders.frontends.nbgrader.converters import CourseAutograde
timed(CourseAutograde, "convert_notebooks", "whole")
timed(Ahead, "result", "run")
"""
MAIN = """
from nbgrader.apps.nbgraderapp import main
main()
"""


def measure(folder, submissions):
    """Return rows (stage, stock's milliseconds, ours, times faster)."""
    stub, source = ours.make_course(Path(folder, "ours"))
    stubs = {"stock": stock.make_course(Path(folder, "stock"), source), "ours": stub}
    found = {}
    for name, text in stubs.items():
        people.write(text, Path(folder, name, "submitted"), submissions)
        found[name] = _inside(Path(folder, name), STOCK if name == "stock" else OURS, submissions)
    return [
        (stage, theirs, mine, theirs / mine if theirs and mine else "")
        for stage in found["stock"]
        for theirs, mine in [(found["stock"][stage], found["ours"][stage])]
    ]


def _inside(course, wrapped, submissions):
    """Run one command with its parts timed; return milliseconds by stage."""
    said = run_code(CLOCK + wrapped + MAIN, "autograde", people.SLUG, "--force", cwd=course).said
    seconds = json.loads(said.rpartition("inside ")[2])
    each = {label: seconds.get(label, 0.0) / submissions for label in ("whole", "run", "kernel")}
    return {
        "until the first submission": 1000 * seconds["start"],
        "a submission": 1000 * each["whole"],
        "  a kernel started, torch not yet imported": 1000 * each["kernel"],
        "  its cells and checks run (ours: waiting for the workers)": 1000 * (each["run"] - each["kernel"]),
        "  nbgrader's bookkeeping": 1000 * (each["whole"] - each["run"]),
    }
