"""The course folder: its secret seed, its source notebooks, the commands nbgrader starts."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import sysconfig
import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from graders import cards

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graders.engine.card import Card
    from graders.engine.key import Key

PRIVATE = ".descentlab"
ROOT = Path(__file__).resolve().parents[3]


class CourseError(Exception):
    """Why nothing can be graded here: one sentence for the instructor, with what to do."""


def card_of(slug: str) -> Card:
    """Return the card of an assignment; without one, nothing may be graded."""
    if slug not in cards.SLUGS:
        raise CourseError(
            f"descentlab has no grader for {slug!r}, so nothing was done. It has {', '.join(cards.SLUGS)}. "
            "Keep other assignments in a course folder of their own."
        )
    try:
        return cards.load(slug)
    except ImportError as error:
        raise CourseError(f"The card of {slug} cannot be loaded ({error}), so nothing was done.") from error


def seed_of(root: Path) -> int:
    """Return the secret seed of the course; the first use makes it, readable by its owner alone."""
    path = root / PRIVATE / "seed"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"seed.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{secrets.randbits(62)}\n")
        try:
            os.link(fresh, path)  # fails where another command was first: its seed holds
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        return int(path.read_text(encoding="ascii"))
    except (ValueError, OSError) as error:
        raise CourseError(
            f"{PRIVATE}/seed cannot be read as a number. Delete it; a new one is made at the next command."
        ) from error


@cache
def keys_of(slug: str, seed: int) -> Mapping[str, Key]:
    """Return every key of an assignment, public and hidden cases; computed once per command."""
    from graders.kept_keys import all_keys

    return all_keys(slug, seed)


def write_source(slug: str, folder: Path) -> None:
    """Write the instructor's notebook into the source folder, from the one source in ``solutions``."""
    from graders.frontends.build import write_source as write

    write(slug, folder)


def find_commands() -> None:
    """Put this Python's own commands on PATH where they are not: nbgrader starts ``alembic`` by its name."""
    if shutil.which("alembic"):
        return
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if shutil.which("alembic", path=str(folder)):
            os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(folder)])
            return


def find_solutions() -> None:
    """Make ``solutions`` importable from a course folder outside the repository, when the package runs inside it."""
    if find_spec("solutions") is None and (ROOT / "solutions" / "__init__.py").is_file():
        sys.path.append(str(ROOT))


def quiet() -> None:
    """Leave out what SQLAlchemy says of nbgrader's own code: it is harmless, and hides what matters in a class."""
    warnings.filterwarnings("ignore", message="Object of type .* not in session")
