"""``python -m tests.selftest``: measure the grader's error rates; exit 1 if one misses its target."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from graders import cards
from graders.engine.tolerance import ToleranceError
from tests.selftest.measure import QUICK, STATED, Effort, Result, measure
from tests.selftest.statement import moved, renewed, write
from tests.selftest.table import missed, show

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 7
PROCESSES = 2


def every() -> list[tuple[str, str]]:
    """Return every exercise as (slug, name), in the course's order."""
    return [(slug, exercise.name) for slug in cards.SLUGS for exercise in cards.load(slug).exercises]


def run(wanted: Sequence[tuple[str, str]], seed: int, effort: Effort, device: str, processes: int) -> list[Result]:
    """Measure exercises, the later assignments first since they take longest; return them in the given order."""
    os.environ.setdefault("MPLBACKEND", "agg")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running = {one: pool.submit(measure, *one, seed, effort, device) for one in reversed(wanted)}
        return [running[one].result() for one in wanted]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.selftest", description=__doc__.replace("``", ""))
    names = [name for _, name in every()]
    parser.add_argument("--exercise", action="append", choices=names, metavar="NAME", help="only this one; repeatable")
    parser.add_argument("--quick", action="store_true", help="fewer mutants, pairs and seeds")
    parser.add_argument(
        "--write",
        action="store_true",
        help="write graders/cards/measured.json, from which tolerances are derived, and the tables",
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of hidden cases, mutants and the oracle's data")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"], help="where float32 runs")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Measure, show, and return the exit status."""
    options = arguments(given)
    wanted = [one for one in every() if not options.exercise or one[1] in options.exercise]
    whole = len(wanted) == len(every()) and not options.quick
    if options.write and not whole:
        print("--write needs the whole measurement: leave out --exercise and --quick", file=sys.stderr)
        return 2
    effort = QUICK if options.quick else STATED if options.write else Effort()
    results = run(wanted, options.seed, effort, options.device, options.processes)
    stated = renewed(cards.measured(), results, options.device) if options.write else cards.measured()
    show(results, stated)
    faults = [sentence for result in results for sentence in missed(result, stated)]
    if options.write:
        try:
            elsewhere = moved(stated, results)
            print("".join(f"{sentence}\n" for sentence in elsewhere), end="")
            faults += elsewhere
            write(results, stated, options.device)
        except ToleranceError as error:
            print(f"nothing is written: {error}", file=sys.stderr)
    seconds = sum(result.seconds for result in results)
    print(f"{len(faults)} targets missed; {seconds:.0f} s of processor time")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
