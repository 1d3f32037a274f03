"""``python -m tests.benchmarks``: time both graders in one run; with ``--write`` keep the figures in results.md."""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import sys
import tempfile
from pathlib import Path

from graders.frontends.pool import cores
from tests.benchmarks import compared, inside, scale, stages, waiting

RESULTS = Path(__file__).parent / "results.md"
CURVE = Path(__file__).parent / "scale.svg"
PARTS = ("compared", "inside", "stages", "scale", "waiting", "keys")
FEW = 10  # submissions are enough where one command's parts are timed


def table(heads, rows):
    """Return a Markdown table; numbers with three digits."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += [
        "| " + " | ".join(f"{one:.3g}" if isinstance(one, float) else str(one) for one in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def compared_part(options, folder):
    rows, words = compared.measure(Path(folder, "compared"), options.submissions, options.rounds)
    heads = (f"{options.submissions} submissions", "seconds", "seconds a submission", "times faster than stock")
    return f"## Stock and ours in turn\n\n{table(heads, rows)}\n\n{words}"


def inside_part(options, folder):
    rows = inside.measure(Path(folder, "inside"), min(FEW, options.submissions))
    heads = ("milliseconds", "stock", "ours", "times faster")
    return f"## Inside nbgrader autograde\n\n{table(heads, rows)}"


def stages_part(options, folder):
    rows, once = stages.measure(Path(folder, "stages"), max(2, options.submissions))
    heads = ("of one submission, median", "milliseconds")
    return "\n\n".join(["## Stages", table(heads, rows), table(("once a command", "milliseconds"), once.items())])


def scale_part(options, folder):
    rows = scale.measure(Path(folder, "scale"), options.sizes)
    heads = (
        "submissions",
        "seconds",
        "milliseconds of one more",
        "memory of the command, MB",
        "of its largest process, MB",
    )
    if options.write and len(rows) > 1:
        scale.draw(rows, CURVE)
    picture = f"\n\n![cost and memory by the size of a class]({CURVE.name})" if options.write and len(rows) > 1 else ""
    return f"## Scale\n\n{table(heads, rows)}{picture}"


def waiting_part(options, folder):
    del folder
    rows = waiting.check(options.assignments) if options.assignments else waiting.check()
    words = f"`descentlab --help`: {waiting.help_text(options.rounds):.2f} s."
    return f"## Waiting\n\n{table(('check()', 'first call, s', 'later call, s'), rows)}\n\n{words}"


def keys_part(options, folder):
    del folder
    first = waiting.keys(options.assignments) if options.assignments else waiting.keys()
    heads = ("keys of", "with all mistakes and pairs, s", "of these computing, s", "from the disk, s")
    return f"## Keys\n\n{table(heads, first)}"


MEASURES = dict(zip(PARTS, (compared_part, inside_part, stages_part, scale_part, waiting_part, keys_part), strict=True))


def machine():
    """Say what machine this is and how busy it was."""
    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    model = names[0] if names else platform.processor() or platform.machine()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{cores()} cores of {model}; Python {platform.python_version()}; load at the start {load}."


def _lines(path):
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def main(arguments=None):
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--submissions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=("compared", "inside", "stages", "keys"))
    parser.add_argument("--sizes", nargs="+", type=int, default=(10, 50), help="classes of the scale curve")
    parser.add_argument("--assignments", nargs="+", help="for waiting and keys")
    parser.add_argument("--write", action="store_true", help="keep the figures in results.md")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    command = shlex.join(["python", "-m", "tests.benchmarks", *(sys.argv[1:] if arguments is None else arguments)])
    said = [f"# Measured\n\n{machine()}\n\n    {command}"]
    print(said[0], flush=True)
    with tempfile.TemporaryDirectory(prefix="descentlab-bench-") as folder:
        for part in options.parts:
            said.append(MEASURES[part](options, folder))
            print(f"\n{said[-1]}", flush=True)
            if options.write:  # after each part: what is measured is kept, also where a later part is stopped
                load = f"Load at the end: {os.getloadavg()[0]:.1f}."
                RESULTS.write_text("\n\n".join([*said, load]) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
