"""Ids no data can separate, per exercise, and ids that always look like a more telling one.

``TIES[exercise][id]`` is the group of ids reported together where ``id`` is found, the telling one first. ``ALIASES[exercise][id]`` is
the id that is reported where a program with ``id`` has exactly its numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDING_WEIGHT = ("weight-not-updated", "weight-detached")
LATE_LOSS = ("loss-after-update", "loss-at-epoch-end")
SUMMED = ("average-missing-in-gradient", "sum-instead-of-mean")  # a summed loss, divided where it is recorded
# the slip of a single line as well as of two: one order, which no generator drew
ONE_ORDER = ("ignores-an-argument+same-order-every-epoch", "ignores-an-argument", "same-order-every-epoch")

GROUPS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "mse": (("loss-not-scalar", "wrong-shape"),),
    "mse_gradients": (
        STANDING_WEIGHT,
        SUMMED,
        ("factor-two-missing", "half-mse"),
    ),
    "autograd_gradients": (
        ("weight-detached", "weight-not-updated"),
        ("sum-instead-of-mean", "average-missing-in-gradient"),
        ("half-mse", "factor-two-missing"),
    ),
    "train_batch": (STANDING_WEIGHT, LATE_LOSS),
    "make_orders": (ONE_ORDER,),
    "train_sgd": (STANDING_WEIGHT, LATE_LOSS, ("averaged-twice", "divided-by-dataset-size")),
    "largest_stable_lr": (
        ("factor-two-missing", "half-mse"),
        ("average-missing-in-gradient", "sum-instead-of-mean"),
    ),
    "train_minibatch": (STANDING_WEIGHT,),
    "accumulated_gradients": (
        ("weight-detached", "weight-not-updated"),
        ("half-mse", "factor-two-missing"),
        ("leftover-micro-batch-dropped", "last-partial-batch-dropped"),
    ),
    "train_with_optimizer": (STANDING_WEIGHT,),
    "train_with_accumulation": (STANDING_WEIGHT,),
    "batch_size_sweep": (STANDING_WEIGHT,),
    "learning_rate_sweep": (STANDING_WEIGHT,),
}

TIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    exercise: {one: group for group in groups for one in group} for exercise, groups in GROUPS.items()
}

ALIASES: Mapping[str, Mapping[str, str]] = {
    # one update per epoch: these have nothing to be wrong about
    "train_batch": {"one-entry-per-epoch": "initial-parameters-missing"},
    # a batch of one: its mean is its sum
    "train_sgd": {"batch-means-over-samples": "mean-of-batch-means"},
}
