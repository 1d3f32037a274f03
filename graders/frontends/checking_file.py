"""``descentlab check FILE``: a student's own check of a whole file, on the public cases only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graders.engine.source import Unreadable, read
from graders.frontends.discover import assignment_in, discover
from graders.frontends.grading import grade_submission
from graders.frontends.text import submission_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graders.engine.key import Key
    from graders.engine.source import Submission
    from graders.engine.verdict import SubmissionVerdict


def check_file(path: Path, slug: str | None = None) -> tuple[str, bool]:
    """Return the report on a file, and whether nothing of it fails.

    Functions that a Python file does not hold do not count; a notebook holds all of its assignment.
    """
    from graders.cards import load
    from graders.engine.worker.client import Zygote

    submission = replace(read(path), student="")  # a student's own report needs no name
    slug = slug or assignment_in(path.name) or discover([path])[0].assignment
    if slug is None:
        raise Unreadable(
            f"{path.name} does not tell which assignment it answers: it defines none of the course's functions. "
            "Check their names, or add --assignment with the assignment's name."
        )
    keys = public_keys(slug, path)
    # one's own program on one's own machine: it may run without confinement
    with Zygote(trust=True) as zygote:
        verdict = grade_submission(zygote, submission, load(slug), keys, feedback="numbers")
    return submission_text(verdict), passed(submission, verdict)


def passed(submission: Submission, verdict: SubmissionVerdict) -> bool:
    """Whether everything attempted passes, and enough is attempted: something of a .py file, all of a notebook."""
    statuses = [exercise.status for exercise in verdict.exercises]
    attempted = [status for status in statuses if status != "not-attempted"]
    if submission.kind == "notebook" and len(attempted) < len(statuses):
        return False
    return bool(attempted) and all(status == "passed" for status in attempted)


def public_keys(slug: str, path: Path) -> Mapping[str, Key]:
    """Return the public keys: beside the file or above it, then from here, then from the solutions.

    Raises
    ------
    Unreadable
        There is no key anywhere.
    """
    from graders.engine.key import load
    from graders.frontends.checking import key_file

    name = f"{slug}.key.json"
    folder = path.resolve().parent
    for place in (folder, *folder.parents):
        for file in (place / name, place / slug / name, place / "assignments" / slug / name):
            if file.is_file():
                return load(file.read_text(encoding="utf-8"))
    file_here = key_file(slug)
    if file_here is not None:
        return load(file_here.read_text(encoding="utf-8"))
    from graders.keys import SolutionsMissingError, public_keys

    try:
        return public_keys(slug)
    except SolutionsMissingError:
        raise Unreadable(
            f"{name} is missing. It comes with the assignment; put it into the folder of {path.name} and check again."
        ) from None
