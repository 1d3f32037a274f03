"""One class after another, from ten to thousands: the cost of one more and the memory stay level."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from graders.frontends.pool import cores
from tests.benchmarks import people
from tests.benchmarks.stages import STUB

GRADE = """
import resource, sys
from graders.__main__ import main
try:
    main()
finally:
    largest = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print("memory", *largest, file=sys.stderr)
"""


def measure(folder, sizes):
    """Return rows (submissions, seconds, milliseconds of one more, memory in MB of the command and of its largest process).

    One more: beside the class before, so that what a command pays once is left out; the first row has none.
    """
    rows: list[tuple[int, float, float | str, float, float]] = []
    for size in sizes:
        place = Path(folder, f"class-{size}")
        people.write(STUB.read_text(encoding="utf-8"), place, size)
        jobs = str(cores())
        program = [sys.executable, "-c", GRADE, "grade", str(place), "--seed", "7", "--jobs", jobs]
        started = time.perf_counter()
        done = subprocess.run(
            [*program, "--format", "csv", "--out", str(Path(folder, f"out-{size}"))],
            cwd=people.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        wall = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(done.stderr)
        command, judge = map(float, done.stderr.rpartition("memory")[2].split())
        more: float | str = (wall - rows[-1][1]) / (size - rows[-1][0]) * 1000 if rows else ""
        rows.append((size, wall, more, command, judge))
    return rows


def draw(rows, path):
    """Draw the curve: milliseconds of one more submission, and the memory, by the size of a class."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 3), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    sizes = [row[0] for row in rows]
    time_axes.plot(sizes[1:], [row[2] for row in rows[1:]], "o-", color="#1f4e79")
    time_axes.set_ylabel("milliseconds of one more")
    for place, label, color in ((3, "the command", "#1f4e79"), (4, "its largest process", "#b3261e")):
        memory_axes.plot(sizes, [row[place] for row in rows], "o-", label=label, color=color)
    memory_axes.set_ylabel("largest memory, MB")
    memory_axes.legend(frameon=False)
    for axes in (time_axes, memory_axes):
        axes.set_xscale("log")
        axes.set_xlabel("submissions")
        axes.set_ylim(0, 1.3 * axes.get_ylim()[1])
        axes.grid(visible=True, color="0.9")
    figure.savefig(path, metadata={"Date": None})
