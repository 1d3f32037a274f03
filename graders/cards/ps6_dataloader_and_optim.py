"""ps6: a dataset that holds what it is given, a loader in a given order, and two loops with ``torch.optim.SGD``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graders.cards.data import LR, curvature, drawn_line, drawn_orders, public_line, public_orders
from graders.cards.ps4_stochastic_descent import sample_limit
from graders.cards.ps5_minibatch_descent import SIZES, drawn_sizes
from graders.engine.card import Card, Case, Exercise, Quantity
from graders.engine.properties import dataset_items, loader_visits

if TYPE_CHECKING:
    import random

    from graders.cards.data import Array
    from graders.engine.card import Value


def features_line(n: int) -> tuple[Array, Array]:
    """Return five features ``(n, 5)`` and flat targets ``(n,)``, exact in binary floating point."""
    i = np.arange(n)
    columns = [((7 * i + 3 * j) % prime - prime // 3) / 16 for j, prime in enumerate((23, 29, 31, 37, 41))]
    x = np.stack(columns, axis=1)  # (n, 5)
    y = x @ np.array([1.75, -0.5, 0.25, -1.25, 0.75]) - 0.625 + ((5 * i % 7) - 3) / 16
    return x, y


def flat(data: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return the same data with targets of shape ``(n,)``."""
    x, y = data
    return x, y.ravel()


# -- LineDataset and make_loader ----------------------------------------------------------------------------------


def _dataset_case(name: str, sentence: str, data: tuple[Array, Array]) -> Case:
    x, y = data
    return Case(name, sentence, {"x": x, "y": y}, trivial=len(x) == 1)


def dataset_public() -> list[Case]:
    """Noisy targets on one feature and on five, and a single sample."""
    return [
        _dataset_case("seven_samples", "seven samples with noise", public_line(7)),
        _dataset_case("five_features", "eleven samples of five features, targets of shape (11,)", features_line(11)),
        _dataset_case("one_sample", "one sample", public_line(1)),
        Case(
            "second_dataset",
            "a second dataset of five samples",
            dict(zip(("x", "y"), public_line(5), strict=True)),
            stable=False,
            earlier=dict(zip(("x", "y"), public_line(9), strict=True)),
        ),
    ]


def dataset_hidden(rng: random.Random) -> list[Case]:
    """Draw samples whose noise belongs to no formula; the second is a second dataset beside the first."""
    x, y = drawn_line(rng, rng.randint(9, 14))
    first = {"x": x, "y": y}
    other_x, other_y = drawn_line(rng, rng.randint(4, 8))
    return [
        Case("hidden_samples", "drawn samples", first),
        Case("hidden_second_call", "a second dataset of another size", {"x": other_x, "y": other_y}, earlier=first),
    ]


def _loader_case(
    name: str,
    sentence: str,
    data: tuple[Array, Array],
    size: int,
    order: list[int],
    earlier: dict[str, Value] | None = None,
) -> Case:
    x, y = data
    arguments = {"dataset": {"x": x, "y": y}, "batch_size": size, "order": order}
    return Case(name, sentence, arguments, trivial=len(x) == 1, stable=False, earlier=earlier)


def loader_public() -> list[Case]:
    """A rest of 2, of 1 and of 0, one batch, less than one batch, and a single sample."""
    return [
        _loader_case(
            f"{n}_by_{size}",
            f"{n} sample{'s' * (n > 1)}, batch size {size}",
            public_line(n),
            size,
            public_orders(n, 1)[0].tolist(),
        )
        for n, size in (*SIZES, (1, 3))
    ]


def distinct_line(rng: random.Random, n: int) -> tuple[Array, Array]:
    """Draw samples whose rows all differ, so that each can be told from its values."""
    while True:
        x, y = drawn_line(rng, n)
        if len(np.unique(y)) == n:
            return x, y


def loader_hidden(rng: random.Random) -> list[Case]:
    """Draw sizes with a rest, without, and larger than n, and a second call."""
    even = rng.randint(3, 6)
    few = rng.randint(5, 9)
    wanted = [
        ("hidden_rest", "drawn samples with a smaller last batch", *drawn_sizes(rng)),
        ("hidden_no_rest", "drawn samples in full batches", even * rng.randint(3, 5), even),
        ("hidden_large_batch", "a batch size larger than the number of samples", few, few + 4),
        ("hidden_second_call", "a second call with other sizes", *drawn_sizes(rng)),
    ]
    cases: list[Case] = []
    for name, sentence, n, size in wanted:
        earlier = dict(cases[0].arguments) if name == "hidden_second_call" else None
        order = drawn_orders(rng, n, 1)[0].tolist()
        cases.append(_loader_case(name, sentence, distinct_line(rng, n), size, order, earlier))
    return cases


# -- the two loops ------------------------------------------------------------------------------------------------


def training_arguments(
    data: tuple[Array, Array],
    start: tuple[list[float], float],
    lr: float,
    epochs: int,
    batches: tuple[int, list[int]],
    dtype: str = "",
) -> dict[str, Value]:
    """Arguments of ``train_with_optimizer``: a linear model, a loader, lr and epochs, as the probe makes them."""
    x, y = data
    weight, bias = start
    size, order = batches
    model: dict[str, Value] = {
        "features": x.shape[1],
        "weight": np.array([weight], dtype=np.float64),
        "bias": np.array([bias], dtype=np.float64),
    }
    if dtype:
        model["dtype"] = dtype
    return {
        "model": model,
        "loader": {"x": x, "y": y, "batch_size": size, "order": order},
        "lr": lr,
        "epochs": epochs,
    }


START = ([0.25], -0.875)
FIVE = ([0.25, -0.5, 0.75, 0.125, -0.375], -0.875)


def _public_training(data: tuple[Array, Array], size: int, epochs: int, dtype: str = "") -> dict[str, Value]:
    x, _ = data
    one = x.shape[1] == 1
    order = public_orders(len(x), 1)[0].tolist()
    return training_arguments(data, START if one else FIVE, LR if one else 0.0625, epochs, (size, order), dtype)


def _second_training() -> dict[str, Value]:
    order = public_orders(17, 1)[0].tolist()
    return training_arguments(public_line(17), ([-1.5], 0.5), 0.09375, 3, (5, order))


def optimizer_public() -> list[Case]:
    """One feature and five, column and flat targets, a rest of 1 and 2 and none, a float64 model, and the edges."""
    return [
        Case("partial_batch", "23 samples, batch size 7, 3 epochs", _public_training(public_line(23), 7, 3)),
        Case(
            "flat_targets",
            "22 samples with targets of shape (22,), batch size 7, 2 epochs",
            _public_training(flat(public_line(22)), 7, 2),
        ),
        Case(
            "five_features",
            "1000 samples of five features, targets of shape (1000,), batch size 32, 1 epoch",
            _public_training(features_line(1000), 32, 1),
        ),
        Case(
            "float64_model",
            "a float64 model, 23 samples, batch size 7, 2 epochs",
            _public_training(public_line(23), 7, 2, "float64"),
            stable=False,
        ),
        Case("even_batches", "21 samples, batch size 7, 2 epochs", _public_training(public_line(21), 7, 2)),
        Case("large_batch", "23 samples, batch size 30, 4 epochs", _public_training(public_line(23), 30, 4)),
        Case("no_epochs", "epochs=0", _public_training(public_line(5), 2, 0), trivial=True),
        Case("one_sample", "one sample, 3 epochs", _public_training(public_line(1), 3, 3), trivial=True),
        Case(
            "second_call",
            "17 samples and another model, batch size 5, after a call with 23 samples",
            _second_training(),
            stable=False,
            earlier=_public_training(public_line(23), 7, 3),
        ),
    ]


def drawn_features(rng: random.Random, n: int) -> tuple[Array, Array]:
    """Draw three features in steps of 1/16 and flat noisy targets."""
    x = np.array([[round(16 * rng.uniform(-0.7, 1.4)) / 16 for _ in range(3)] for _ in range(n)])
    weights = np.array([rng.choice((-1, 1)) * rng.uniform(0.5, 2) for _ in range(3)])
    return x, x @ weights + rng.uniform(0.4, 1.5) + np.array([rng.uniform(-0.3, 0.3) for _ in range(n)])


def _drawn_model(rng: random.Random, features: int) -> tuple[list[float], float]:
    weight = [rng.choice((-1, 1)) * rng.uniform(0.3, 1.2) for _ in range(features)]
    return weight, rng.choice((-1, 1)) * rng.uniform(1.3, 2.0)


def drawn_training(
    rng: random.Random, data: tuple[Array, Array], size: int, epochs: int, dtype: str = ""
) -> dict[str, Value]:
    """Draw a model and a stable rate for the data, and an order."""
    x, _ = data
    limit = sample_limit(np.sqrt((x**2).sum(axis=1)))
    order = drawn_orders(rng, len(x), 1)[0].tolist()
    model = _drawn_model(rng, x.shape[1])
    return training_arguments(data, model, rng.uniform(0.4, 0.8) * limit, epochs, (size, order), dtype)


def optimizer_hidden(rng: random.Random) -> list[Case]:
    """Draw the same kinds, a diverging run (every value finite), and a second call."""
    n, size = drawn_sizes(rng)
    first = drawn_training(rng, drawn_line(rng, n), size, rng.randint(2, 4))
    n, size = drawn_sizes(rng)
    features = drawn_training(rng, drawn_features(rng, n), size, rng.randint(2, 3))
    even = rng.randint(3, 5)
    full = drawn_training(rng, flat(drawn_line(rng, even * 4)), even, 2, "float64")
    one = drawn_training(rng, flat(drawn_line(rng, 3 * even + 1)), even, 2)
    few = rng.randint(6, 9)
    large = drawn_training(rng, drawn_line(rng, few), few + 4, rng.randint(3, 5))

    n, size = drawn_sizes(rng, 12, 17)
    data = drawn_line(rng, n)
    order = drawn_orders(rng, n, 1)[0].tolist()
    rate = rng.uniform(3.4, 4.0) / curvature(data[0])
    diverging = training_arguments(data, _drawn_model(rng, 1), rate, 5, (size, order))

    n, size = drawn_sizes(rng)
    second = drawn_training(rng, drawn_line(rng, n), size, 2)
    return [
        Case("hidden_partial_batch", "a drawn run with a smaller last batch", first),
        Case("hidden_one_left_over", "flat targets, and one sample in the last batch", one),
        Case("hidden_features", "a drawn run on three features with flat targets", features),
        Case("hidden_float64_model", "a float64 model and full batches", full, stable=False),
        Case("hidden_large_batch", "a batch size larger than the number of samples", large),
        Case("hidden_diverging", "a drawn run that diverges", diverging, stable=False),
        Case("hidden_no_epochs", "epochs=0", drawn_training(rng, drawn_line(rng, 6), 4, 0), trivial=True),
        Case("hidden_second_call", "a second call with another model and loader", second, earlier=first),
    ]


def _accumulating(arguments: dict[str, Value], steps: int) -> dict[str, Value]:
    return {**arguments, "accumulation_steps": steps}


def accumulation_public() -> list[Case]:
    """Groups with a smaller batch inside, groups left over, one large group, groups of one, and no epochs."""
    return [
        Case(
            "smaller_batch_in_group",
            "batches of 7, 7, 7, 2 in groups of 2, 3 epochs",
            _accumulating(_public_training(public_line(23), 7, 3), 2),
        ),
        Case(
            "group_left_over",
            "batches of 4, 4, 4, 4, 4, 3 in groups of 4, flat targets, 3 epochs",
            _accumulating(_public_training(flat(public_line(23)), 4, 3), 4),
        ),
        Case(
            "even_batch_left_over",
            "three batches of 7 in groups of 2, 3 epochs",
            _accumulating(_public_training(public_line(21), 7, 3), 2),
        ),
        Case(
            "one_group",
            "batches of 5, 5, 3 in groups of 8, 3 epochs",
            _accumulating(_public_training(public_line(13), 5, 3), 8),
        ),
        Case(
            "groups_of_one",
            "batches of 7, 7, 7, 1 in groups of 1, 2 epochs",
            _accumulating(_public_training(flat(public_line(22)), 7, 2), 1),
        ),
        Case("no_epochs", "epochs=0", _accumulating(_public_training(public_line(5), 2, 0), 2), trivial=True),
        Case(
            "second_call",
            "batches of 5, 5, 5, 2 in groups of 3 and another model, after a call with 23 samples",
            _accumulating(_second_training(), 3),
            stable=False,
            earlier=_accumulating(_public_training(public_line(23), 7, 3), 2),
        ),
    ]


def accumulation_hidden(rng: random.Random) -> list[Case]:
    """Draw groups with a smaller batch and groups left over, on one feature and three; a second call has full ones."""
    n, size = 7 * rng.randint(2, 3) + rng.randint(2, 5), 7
    batches = -(-n // size)
    first = _accumulating(drawn_training(rng, drawn_line(rng, n), size, rng.randint(2, 3)), batches)
    n, size = 5 * rng.choice((4, 6)) - rng.randint(2, 3), 5
    inside = _accumulating(drawn_training(rng, flat(drawn_line(rng, n)), size, 3), 2)
    n, size = 4 * 6 + rng.randint(1, 2), 4
    left_over = _accumulating(drawn_training(rng, drawn_features(rng, n), size, 3), 3)
    n, size = 6 * rng.randint(4, 5), 6
    second = _accumulating(drawn_training(rng, drawn_line(rng, n), size, 2), 3)
    return [
        Case("hidden_one_group", "one drawn group with a smaller last batch", first),
        Case("hidden_smaller_batch_in_group", "groups of 2, a smaller batch in the last one", inside),
        Case("hidden_group_left_over", "groups of 3 on three features, one batch left over", left_over),
        Case("hidden_second_call", "a second call with another model and loader", second, earlier=first),
    ]


TRAINING = (
    Quantity("losses", "trajectory", "losses", "the losses"),
    Quantity("final", "numbers", "parameters", "the final parameters"),
)
TRAINING_ASPECTS = {"parameters": 0.5, "losses": 0.35, "arguments": 0.05, "hints": 0.1}

CARD = Card(
    slug="ps6_dataloader_and_optim",
    title="DataLoader and torch.optim",
    topics={
        "forward": "A model with several features",
        "loss": "One update",
        "gradient": "One update",
        "update": "Four lines",
        "recording": "Which loss is recorded",
        "batches": "One update for a group of batches",
        "contract": "What every function keeps to",
        "tensors": "Shapes, again",
    },
    exercises=(
        Exercise(
            name="LineDataset",
            points=2.0,
            section="LineDataset",
            signature=(
                "class LineDataset(Dataset[tuple[Tensor, Tensor]]):\n"
                "    def __init__(self, x: Tensor, y: Tensor) -> None: ...\n"
                "    def __len__(self) -> int: ...\n"
                "    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]: ..."
            ),
            probe="dataset",
            aspects={"items": 0.6, "length": 0.25, "arguments": 0.05, "hints": 0.1},
            quantities=(),
            public=dataset_public,
            hidden=dataset_hidden,
            check=dataset_items,
        ),
        Exercise(
            name="make_loader",
            points=2.0,
            section="make_loader",
            signature="def make_loader(dataset: Dataset, batch_size: int, order: Sequence[int]) -> DataLoader",
            probe="loader",
            aspects={"order": 0.7, "passes": 0.15, "arguments": 0.05, "hints": 0.1},
            quantities=(),
            public=loader_public,
            hidden=loader_hidden,
            check=loader_visits,
        ),
        Exercise(
            name="train_with_optimizer",
            points=3.0,
            section="train_with_optimizer",
            signature=(
                "def train_with_optimizer(model: nn.Module, loader: DataLoader, lr: float, epochs: int) -> list[float]"
            ),
            probe="optimizer",
            aspects=TRAINING_ASPECTS,
            quantities=TRAINING,
            public=optimizer_public,
            hidden=optimizer_hidden,
            may_change=("model",),
        ),
        Exercise(
            name="train_with_accumulation",
            points=1.0,
            section="train_with_accumulation",
            signature=(
                "def train_with_accumulation(model: nn.Module, loader: DataLoader, lr: float, epochs: int, "
                "accumulation_steps: int) -> list[float]"
            ),
            probe="optimizer",
            aspects=TRAINING_ASPECTS,
            quantities=TRAINING,
            public=accumulation_public,
            hidden=accumulation_hidden,
            may_change=("model",),
        ),
    ),
)
