"""What a person waits for: check() in a notebook, the command's help, the keys of an assignment."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory

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
import pathlib, time
started, used = time.perf_counter(), time.process_time()
from graders import kept_keys
from graders.engine.screen import screens
kept_keys.FOLDER = pathlib.Path({folder!r}) / "own" / "keys"
for key in kept_keys.all_keys({slug!r}, {seed}).values():
    for kind in ("mistakes", "pairs"):
        screens(key, kind)
    for mistake in key.mistakes:
        list(mistake.answers)
print(time.perf_counter() - started, time.process_time() - used)
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
    """Return (assignment, seconds until all its mistakes and pairs are known, of these computing, from the disk)."""
    rows = []
    for slug in slugs:
        with TemporaryDirectory() as folder:
            program = KEYS.format(slug=slug, seed=seed, folder=folder)
            (first, used), (again, _) = (map(float, _python(program).split()) for _ in range(2))
        rows.append((slug, first, used, again))
    return rows


def _python(program):
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
