"""pytest's part: ``pytest graders --submission PATH``.

This module is loaded in every pytest run of everyone who has descentlab installed, so it imports nothing, and takes
the short option names ``--device`` and ``--seed``, which other plug-ins and projects like too, only in a run that is
about the grader's tests. The tests themselves are in ``graders/test_submission.py``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE = "descentlab: grade submissions with pytest graders --submission PATH"
VALUED = frozenset({"-k", "-m", "-p", "-c", "-o", "-W", "-n"})  # what follows these is no path
HOME = Path("frontends", "pytest_plugin.py")  # what makes a folder ours


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option that is there in every run."""
    parser.getgroup("descentlab", TITLE).addoption(
        "--submission",
        metavar="PATH",
        default=None,
        dest="descentlab_submission",
        help="a notebook, a .py file, or a folder of them (more options: pytest graders --help)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: Sequence[str]) -> None:
    """Add the further options where the run is about the grader's tests."""
    if concerns(args, early_config.invocation_params.dir):
        add_run_options(parser)


def add_run_options(parser: pytest.Parser) -> None:
    """Add the options of a run of the grader's tests."""
    group = parser.getgroup("descentlab", TITLE)
    group.addoption(
        "--assignment",
        metavar="SLUG",
        default=None,
        dest="descentlab_assignment",
        help="grade as this assignment, such as ps3_batch_descent or ps3",
    )
    group.addoption(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="auto",
        dest="descentlab_device",
        help="where float32 is confirmed (auto: cuda where there is one)",
    )
    group.addoption(
        "--seed",
        type=int,
        default=None,
        dest="descentlab_seed",
        help="draws the hidden cases; a new one by default, named in the header",
    )
    group.addoption(
        "--trust-submissions",
        action="store_true",
        dest="descentlab_trust",
        help="run submissions also where they can't be kept from files and network",
    )


def concerns(args: Sequence[str], folder: Path) -> bool:
    """Tell whether a command line is about the grader's tests."""
    packages = "--pyargs" in args
    for before, arg in zip(("", *args), args, strict=False):
        if before in VALUED:
            continue
        if arg == "--submission" or arg.startswith("--submission="):
            return True
        name = arg.partition("::")[0]
        if packages and name.split(".")[0] == "graders":
            return True
        path = folder / name
        if not arg.startswith("-") and ((path / HOME).is_file() or (path.parent / HOME).is_file()):
            return True
    return False


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what cannot be graded before anything runs, and draw the seed of this run."""
    if not hasattr(config.option, "descentlab_seed"):
        return
    given = config.option.descentlab_submission
    if given is not None:
        path = config.invocation_params.dir / given
        if not path.exists() and not path.is_symlink():
            raise pytest.UsageError(f"there is no {given}; check the name and the folder")
        config.option.descentlab_submission = os.path.abspath(path)  # noqa: PTH100 - a link stays a link
    slug = config.option.descentlab_assignment
    if slug is not None:
        config.option.descentlab_assignment = _slug(slug)
    if config.option.descentlab_seed is None:
        import secrets

        config.option.descentlab_seed = secrets.randbelow(2**31)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Name what the result depends on."""
    if not hasattr(config.option, "descentlab_seed"):
        return None
    given = config.option.descentlab_submission
    what = "the reference" if given is None else Path(given).name
    return f"descentlab: {what}, seed {config.option.descentlab_seed}, float32 on {config.option.descentlab_device}"


def _slug(given: str) -> str:
    from graders.cards import SLUGS

    for slug in SLUGS:
        if given in (slug, slug.split("_")[0]):
            return slug
    raise pytest.UsageError(f"no assignment is called {given!r}; there are {', '.join(SLUGS)}")
