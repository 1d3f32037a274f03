"""``descentlab grade``: find, grade, print."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from graders.frontends.class_run import chosen_seed, grade_class, write_results
from graders.frontends.discover import discover
from graders.frontends.records import class_rows, gradescope, write_csv, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from graders.frontends.class_run import ClassResult


def grade_command(
    paths: Sequence[Path],
    *,
    assignment: str | None,
    seed: int | None,
    device: str,
    jobs: int | None,
    format_: str,
    out: Path | None,
    feedback: Any,
    fresh: bool,
    trust: bool,
) -> int:
    """Grade what lies under the paths and print it; return how many submissions the grader itself failed at."""
    own = set() if out is None else {Path.cwd() / out / name for name in ("", "feedback", "gradescope")}
    found = [one for one in discover(paths, assignment) if one.path not in own]
    if not found:
        from graders.frontends.cli import ComplaintError

        what = f" for {assignment}" if assignment else ""
        raise ComplaintError(
            f"No submission{what} lies under {', '.join(map(str, paths))}: submissions are .ipynb and .py files."
        )
    with ExitStack() as stack:
        folder = out or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="descentlab-")))
        folder.mkdir(parents=True, exist_ok=True)
        result = grade_class(
            found,
            seed=chosen_seed(folder, seed, fresh=fresh),
            out=folder,
            device=judged_device(device),
            jobs=jobs,
            feedback=feedback,
            trust=trust,
            fresh=fresh,
            pages=out is not None,
        )
        stack.enter_context(result.ledger)
        if out is not None:
            write_results(out, result)
        show(result, format_)
        if format_ == "table":
            _say_where(result, out)
        return sum(record["status"] == "grader-error" for record in result.records())


def judged_device(device: str) -> str:
    """Return ``cpu`` or ``cuda``; asking for a device that is not there is refused."""
    if device == "cpu":
        return device
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if device == "cuda":
        from graders.frontends.cli import ComplaintError

        raise ComplaintError("PyTorch finds no CUDA device here; use --device cpu or auto.")
    return "cpu"


def show(result: ClassResult, format_: str) -> None:
    """Print a result on standard output."""
    if format_ == "json":
        write_json(sys.stdout, result.run, result.records())
    elif format_ == "csv":
        write_csv(sys.stdout, result.records(), result.assignments)
    elif format_ == "gradescope":
        documents = [gradescope(entry) for entry in result.entries()]
        print(json.dumps(documents[0] if len(documents) == 1 else documents, indent=1))
    else:
        _show_table(result)


def _show_table(result: ClassResult) -> None:
    from rich.console import Console

    # a pipe has no width of its own; there the table is as wide as it needs
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(class_rows(result.records()))
    if len(result.keys) == 1:
        for entry in result.entries():
            for text in entry["text"].values():
                print(f"\n{text}")


def _say_where(result: ClassResult, out: Path | None) -> None:
    resumed = f", {result.resumed} of them kept from an earlier run" if result.resumed else ""
    count = len(result.keys)
    run = result.run
    print(
        f"\n{count} submission{'s' if count != 1 else ''}{resumed}; seed {run.seed}, float32 on {run.device}, "
        f"isolation {run.isolation}."
    )
    if out is not None:
        print(f"Written to {out}: results.json, grades.csv, pages in feedback/, Gradescope files in gradescope/.")
