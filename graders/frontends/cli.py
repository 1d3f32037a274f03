"""The command line: a few lines for each command; nothing heavy is imported before it is needed."""

from __future__ import annotations

import errno
import functools
import os
import sys
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer

from graders.cards import SLUGS

if TYPE_CHECKING:
    from collections.abc import Callable

# exceptions whose text is a sentence for the person at the keyboard; by name, since their modules are imported late
SENTENCES = frozenset(
    {
        "BuildRefused",
        "CannotCheck",
        "ComplaintError",
        "DamagedKeyError",
        "DemoFailedError",
        "GraderError",
        "IsolationUnavailable",
        "KeyDamaged",
        "LedgerBusyError",
        "NoRecordsError",
        "SolutionsMissingError",
        "Unreadable",
    }
)
P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(
    name="descentlab",
    help="Grade a course on gradient descent in PyTorch: build the assignments, check your own work, grade a class.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class ComplaintError(Exception):
    """Something the person at the keyboard can mend: one sentence, exit 2."""


class Device(StrEnum):
    """Where float32 is confirmed."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"


class Format(StrEnum):
    """What ``grade`` prints."""

    table = "table"
    json = "json"
    csv = "csv"
    gradescope = "gradescope"


class FeedbackLevel(StrEnum):
    """How much a student's report says."""

    symptom = "symptom"
    hint = "hint"
    numbers = "numbers"


Assignment = Annotated[
    str | None, typer.Option("--assignment", metavar="SLUG", help="The assignment, such as ps3_batch_descent or ps3.")
]
Trust = Annotated[
    bool,
    typer.Option("--trust-submissions", help="Run submissions also where they can't be kept from files and network."),
]


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Turn whatever goes wrong into one sentence and exit code 2."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; that is no fault
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            complain("Stopped. With --out, what is finished is kept, and the same command goes on from there.")
            raise typer.Exit(130) from None
        except Exception as error:
            if isinstance(error, typer.Exit | typer.Abort) or "DESCENTLAB_TRACEBACK" in os.environ:
                raise
            complain(_sentence(error))
            raise typer.Exit(2) from None

    return app.command()(run)


def complain(sentence: str) -> None:
    """Print one sentence on standard error."""
    typer.echo(f"descentlab: {sentence}", err=True)


@app.callback(invoke_without_command=True)
def version(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False
) -> None:
    """Show the version where it is asked for."""
    if version:
        from graders import __version__

        typer.echo(f"descentlab {__version__}")
        raise typer.Exit


@command
def check(
    file: Annotated[Path, typer.Argument(metavar="NOTEBOOK|FILE.py", help="Your notebook or Python file.")],
    assignment: Assignment = None,
) -> None:
    """Check your own work on the public cases; exit 1 if something fails."""
    from graders.frontends.checking_file import check_file

    text, passed = check_file(_existing(file), slug_of(assignment))
    typer.echo(text)
    raise typer.Exit(0 if passed else 1)


@command
def grade(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Folders of STUDENT/…, or files named after the student.")
    ],
    *,
    assignment: Assignment = None,
    seed: Annotated[int | None, typer.Option(help="Draws the hidden cases; a new secret one by default.")] = None,
    device: Annotated[Device, typer.Option(help="Where float32 is confirmed.")] = Device.auto,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time; the cores by default.")] = None,
    format: Annotated[Format, typer.Option(help="What is printed.")] = Format.table,  # noqa: A002 - --format
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write results.json, grades.csv, feedback pages; a killed run resumes here."),
    ] = None,
    feedback: Annotated[FeedbackLevel, typer.Option(help="How much reports say.")] = FeedbackLevel.numbers,
    fresh: Annotated[bool, typer.Option("--fresh/--resume", help="Grade all again, or only what is missing.")] = False,
    trust_submissions: Trust = False,
) -> None:
    """Grade a class; exit 0 when the grader worked, whatever the students did."""
    from graders.frontends.grade_command import grade_command

    slug = slug_of(assignment)
    for path in paths:
        _existing(path)
    failures = grade_command(
        paths,
        assignment=slug,
        seed=seed,
        device=device.value,
        jobs=jobs,
        format_=format.value,
        out=out,
        feedback=feedback.value,
        fresh=fresh,
        trust=trust_submissions,
    )
    if failures:
        complain(f"The grader itself failed at {failures} of the submissions; grade again to try these once more.")
        raise typer.Exit(2)


@command
def build(
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="[SLUG]...", help="Assignments to build; all by default.")
    ] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where something is stale.")] = False,
) -> None:
    """Make the students' notebooks and public keys from the solutions."""
    from graders.frontends.build import build as build_assignments

    slugs = [slug for given in assignments or () if (slug := slug_of(given))] or _solved()
    built = build_assignments(slugs, check=check)
    for one in built:
        typer.echo(one.sentence)
    if any(one.state == "stale" for one in built):
        raise typer.Exit(1)


@command
def doctor() -> None:
    """Say what this machine offers: versions, isolation, what a submission can and can't do here."""
    from graders.frontends.doctor import examine

    lines, well = examine()
    for line in lines:
        typer.echo(line)
    raise typer.Exit(0 if well else 1)


@command
def demo(
    *,
    assignment: Annotated[str, typer.Option(metavar="SLUG|all", help="Which assignment.")] = "ps3_batch_descent",
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the course is made; a new temporary folder by default.")
    ] = None,
) -> None:
    """Make a class of sample submissions and take it through the real nbgrader."""
    from graders.frontends.demo import run_demo

    slug = None if assignment == "all" else slug_of(assignment)
    run_demo(_solved() if slug is None else [slug], folder)


@command
def report(
    records: Annotated[Path, typer.Argument(metavar="RECORDS", help="results.json, records.jsonl, or their folder.")],
) -> None:
    """Show a class at a glance: points, and the mistakes most often made."""
    from graders.frontends.class_report import print_report

    print_report(_existing(records))


def slug_of(given: str | None) -> str | None:
    """Return the full slug for ``ps3`` or ``ps3_batch_descent``."""
    if given is None:
        return None
    found = [slug for slug in SLUGS if given in (slug, slug.split("_")[0])]
    if not found:
        raise ComplaintError(f"No assignment is called {given!r}; there are {', '.join(SLUGS)}.")
    return found[0]


def _existing(path: Path) -> Path:
    if not path.exists() and not path.is_symlink():
        raise ComplaintError(f"There is no {path}; check the name and the folder.")
    return path


def _solved() -> list[str]:
    """Return the assignments that have a solution here."""
    from graders.frontends.build import ROOT

    slugs = [slug for slug in SLUGS if (ROOT / "solutions" / f"{slug}.py").is_file()]
    if not slugs:
        raise ComplaintError(
            "The course's solutions are not on this machine; run the command in a clone of the course's repository."
        )
    return slugs


def _sentence(error: Exception) -> str:
    """Return what went wrong as one sentence; our own failures are named as ours."""
    text = " ".join(str(error).split())
    if isinstance(error, ModuleNotFoundError) and error.name in {"nbgrader", "jupytext", "ipykernel", "alembic"}:
        return f"{error.name} is not installed; install it with: pip install 'descentlab[instructor]'"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full. Make room; with --out, what is finished is kept, and the same command goes on."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    if SENTENCES & {kind.__name__ for kind in type(error).__mro__}:
        return text
    return f"The grader failed, not you: {type(error).__name__}: {text}"
