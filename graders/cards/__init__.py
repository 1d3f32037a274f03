"""The cards: what each assignment asks, one small data file each.

One slug (``ps3_batch_descent``) names the solution file, the card, the assignment folder and the nbgrader assignment;
one function name names an exercise.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from graders.cards.mistakes import TEXTS
from graders.engine import tolerance

if TYPE_CHECKING:
    from graders.engine.card import Card, Exercise
    from graders.engine.tolerance import Measured

MEASURED = Path(__file__).with_name("measured.json")  # written by python -m tests.selftest --write
SLUGS = (
    "ps1_model_and_loss",
    "ps2_gradients_and_updates",
    "ps3_batch_descent",
    "ps4_stochastic_descent",
    "ps5_minibatch_descent",
    "ps6_dataloader_and_optim",
    "ps7_experiments",
)

# The exercises of each assignment, so that a name can be looked up without loading every card.
EXERCISES = {
    "ps1_model_and_loss": ("make_line", "forward", "mse", "plot_fit"),
    "ps2_gradients_and_updates": ("mse_gradients", "autograd_gradients", "update"),
    "ps3_batch_descent": ("train_batch", "plot_losses"),
    "ps4_stochastic_descent": ("make_orders", "train_sgd", "largest_stable_lr"),
    "ps5_minibatch_descent": ("split_batches", "train_minibatch", "accumulated_gradients"),
    "ps6_dataloader_and_optim": (
        "LineDataset",
        "make_loader",
        "train_with_optimizer",
        "train_with_accumulation",
    ),
    "ps7_experiments": (
        "batch_size_sweep",
        "learning_rate_sweep",
        "loss_grid",
        "plot_paths",
        "plot_comparison",
    ),
}


@cache
def measured() -> tuple[Measured, ...]:
    """Return what the self-test measured of every exercise that is judged by numbers."""
    return tolerance.load(MEASURED.read_text(encoding="utf-8"))


@cache
def load(slug: str) -> Card:
    """Return the card of an assignment.

    Raises
    ------
    KeyError
        There is no such assignment; the message lists those there are.
    ToleranceError
        What was measured leaves no room for a tolerance; the message names the two programs.
    """
    if slug not in SLUGS:
        raise KeyError(f"no assignment is called {slug!r}; there are {', '.join(SLUGS)}")
    card: Card = import_module(f"graders.cards.{slug}").CARD
    return replace(card, texts=TEXTS, exercises=tuple(map(_with_tolerances, card.exercises)))


def load_all() -> tuple[Card, ...]:
    """Return every card in the order of the course."""
    return tuple(load(slug) for slug in SLUGS)


def _with_tolerances(exercise: Exercise) -> Exercise:
    rows = tuple(row for row in measured() if row.exercise == exercise.name and exercise.quantities)
    return replace(
        exercise,
        tau=tolerance.tolerance("float64", rows),
        tau32=tolerance.tolerance("float32", rows),
        measured=rows,
    )


def find(exercise: str) -> Card | None:
    """Return the card that has an exercise of that name, or None."""
    for slug, names in EXERCISES.items():
        if exercise in names:
            return load(slug)
    return None
