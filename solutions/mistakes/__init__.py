"""The catalogue of known mistakes: for every exercise, each mistake as the reference with one thing changed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from solutions.mistakes.slips import Mistake, doubles, singles
from solutions.mistakes.ties import ALIASES, TIES

if TYPE_CHECKING:
    from solutions.mistakes.slips import Subject

__all__ = ["ALIASES", "TIES", "Mistake", "catalogue", "pairs", "subject"]


def subject(slug: str, exercise: str) -> Subject | None:
    """Return the exercise as the catalogue sees it, or None where no mistake shows in numbers."""
    found: Subject | None = import_module(f"{__name__}.{slug}").SUBJECTS.get(exercise)
    return found


def catalogue(slug: str, exercise: str) -> tuple[Mistake, ...]:
    """Return the known mistakes of an exercise, in the course's order; several may share an id."""
    found = subject(slug, exercise)
    return () if found is None else singles(found)


def pairs(slug: str, exercise: str) -> tuple[Mistake, ...]:
    """Return the known pairs of mistakes, ids "a+b" in the course's order; none equals a single one."""
    found = subject(slug, exercise)
    return () if found is None else doubles(found)
