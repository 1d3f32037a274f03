"""One class after another, from ten to thousands: the cost of a submission and the judge's memory stay flat."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks import people
from tests.benchmarks.stages import STUB

GRADE = """
import resource, sys
from graders.__main__ import main
try:
    main()
finally:
    print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def measure(folder, sizes):
    """Return rows (submissions, seconds, milliseconds a submission, the judge's memory in MB)."""
    rows = []
    for size in sizes:
        place = Path(folder, f"class-{size}")
        people.write(STUB.read_text(encoding="utf-8"), place, size)
        jobs = str(len(os.sched_getaffinity(0)))
        command = [sys.executable, "-c", GRADE, "grade", str(place), "--seed", "7", "--jobs", jobs]
        started = time.perf_counter()
        done = subprocess.run(
            [*command, "--format", "csv", "--out", str(Path(folder, f"out-{size}"))],
            cwd=people.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        wall = time.perf_counter() - started
        if done.returncode:
            raise RuntimeError(done.stderr)
        memory = float(done.stderr.rpartition("memory")[2])
        rows.append((size, wall, wall / size * 1000, memory))
    return rows
