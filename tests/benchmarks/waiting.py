"""What a person waits for: check() in a notebook, the command's help, the keys of an assignment."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from graders import cards
from tests.benchmarks.commands import run
from tests.benchmarks.people import ROOT

CHECK = """
import time, sys, os, io, contextlib, importlib
os.environ["MPLBACKEND"] = "agg"
import torch, matplotlib.pyplot
started = time.perf_counter()
from graders import check, cards
import solutions.{slug} as lesson
for exercise in cards.load({slug!r}).exercises:
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            check(getattr(lesson, exercise.name))
        times.append(time.perf_counter() - begun)
    print(exercise.name, times[0], min(times[1:]))
"""
KEYS = """
import time
from graders.engine.screen import screens
started = time.perf_counter()
from graders.keys import all_keys
keys = all_keys({slug!r}, {seed})
first = time.perf_counter() - started
for key in keys.values():
    for kind in ("mistakes", "pairs"):
        screens(key, kind)
print(first, time.perf_counter() - started)
"""


def check(slugs=cards.SLUGS):
    """Return (exercise, first call, later call) in seconds."""
    rows = []
    for slug in slugs:
        said = _python(CHECK.format(slug=slug))
        rows += [(name, float(first), float(later)) for name, first, later in map(str.split, said.splitlines())]
    return rows


def help_text(rounds):
    """Return the seconds of ``descentlab --help``."""
    return median(run("graders", "--help", cwd=ROOT).wall for _ in range(rounds))


def keys(slugs=cards.SLUGS, seed=7):
    """Return (assignment, seconds until the first submission can be judged, and until pairs can be told)."""
    rows = []
    for slug in slugs:
        first, pairs = _python(KEYS.format(slug=slug, seed=seed)).split()
        rows.append((slug, float(first), float(pairs)))
    return rows


def _python(program):
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
