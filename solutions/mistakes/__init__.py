"""The catalogue of known mistakes: for every exercise, each mistake as the reference with one thing changed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from solutions.mistakes.slips import Mistake, Recipe, double_recipes, doubles, made, singles
from solutions.mistakes.ties import ALIASES, TIES

if TYPE_CHECKING:
    from solutions.mistakes.slips import Subject

__all__ = ["ALIASES", "TIES", "Mistake", "Recipe", "catalogue", "from_recipe", "pair_recipes", "pairs", "subject"]


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


def pair_recipes(slug: str, exercise: str) -> tuple[Recipe, ...]:
    """Return how each of the known pairs of mistakes is made, in their order."""
    found = subject(slug, exercise)
    return () if found is None else double_recipes(found)


def from_recipe(slug: str, exercise: str, recipe: tuple[str, tuple[int, ...], int]) -> Mistake:
    """Return the mistake, or pair of mistakes, that a recipe makes; KeyError where the exercise has no catalogue."""
    found = subject(slug, exercise)
    if found is None:
        raise KeyError(f"{exercise} has no known mistakes that show in numbers")
    return made(found, Recipe(*recipe))
