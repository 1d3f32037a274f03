"""ps4: the visiting orders, one update per sample, and the largest stable learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders.cards.data import (
    B0,
    LR,
    W0,
    curvature,
    drawn_line,
    drawn_orders,
    drawn_start,
    public_line,
    public_orders,
    scalar,
)
from graders.cards.ps3_batch_descent import HISTORY, HISTORY_ASPECTS
from graders.engine.card import Card, Case, Exercise, Quantity, WrittenAnswer
from graders.engine.properties import fresh_orders

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from graders.cards.data import Array, Order
    from graders.engine.card import Value


def _orders_case(name: str, sentence: str, n: int, epochs: int, seed: int) -> Case:
    # The probe makes the generator; what is judged are properties, so no other device or dtype has anything to add.
    arguments = {"n": n, "epochs": epochs, "generator": None}
    trivial = n == 1 or epochs == 0
    return Case(name, sentence, arguments, trivial=trivial, stable=False, options={"seed": seed})


def make_orders_public() -> list[Case]:
    """Enough samples that no two permutations are equal by chance, and the edges of the contract."""
    return [
        _orders_case("four_epochs", "23 samples, 4 epochs", 23, 4, 1),
        _orders_case("other_seed", "40 samples, 3 epochs, another seed", 40, 3, 2),
        _orders_case("one_epoch", "17 samples, 1 epoch", 17, 1, 3),
        _orders_case("no_epochs", "epochs=0", 5, 0, 4),
        _orders_case("one_sample", "one sample, 3 epochs", 1, 3, 5),
    ]


def make_orders_hidden(rng: random.Random) -> list[Case]:
    """Draw five sizes and seeds."""
    return [
        _orders_case(
            f"hidden_orders_{number}",
            "a drawn number of samples and epochs",
            rng.randint(15, 90),
            rng.randint(2, 9),
            rng.randrange(1, 2**31),
        )
        for number in range(1, 6)
    ]


def sgd_arguments(
    data: tuple[Array, Array], start: tuple[float, float], lr: float, orders: Sequence[Order]
) -> dict[str, Value]:
    """Arguments of ``train_sgd`` in the order of the contract."""
    x, y = data
    w0, b0 = start
    return {"x": x, "y": y, "w0": scalar(w0), "b0": scalar(b0), "lr": lr, "orders": list(orders)}


def sample_limit(x: Array) -> float:
    """Return the learning rate below which every single sample of ``x`` is stable, ``1 / max(x^2 + 1)``."""
    return float(1 / (x**2 + 1).max())


def _public_sgd(n: int, epochs: int, lr: float = 0.0625) -> dict[str, Value]:
    return sgd_arguments(public_line(n), (W0, B0), lr, public_orders(n, epochs))


def train_sgd_public() -> list[Case]:
    """Three points, the separating set with an odd and an even number of samples, and the edges of the contract."""
    return [
        Case("three_points", "three points, lr 0.0625, 2 epochs", _public_sgd(3, 2)),
        Case("two_epochs", "23 points, lr 0.0625, 2 epochs", _public_sgd(23, 2)),
        Case("four_epochs", "10 points, lr 0.125, 4 epochs", _public_sgd(10, 4, LR)),
        Case("no_epochs", "no orders, so no epochs", _public_sgd(5, 0), trivial=True),
        Case("one_point", "one point, 3 epochs", _public_sgd(1, 3), trivial=True),
        Case(
            "second_call",
            "8 points from another start, after a call with three points",
            sgd_arguments(public_line(8), (-1.5, 0.5), 0.09375, public_orders(8, 3)),
            stable=False,
            earlier=_public_sgd(3, 2),
        ),
    ]


def _drawn_sgd(rng: random.Random, n: int, epochs: int, share: float) -> dict[str, Value]:
    """Draw a run whose rate is a share of what every single sample stands."""
    data = drawn_line(rng, n)
    return sgd_arguments(data, drawn_start(rng), share * sample_limit(data[0]), drawn_orders(rng, n, epochs))


def train_sgd_hidden(rng: random.Random) -> list[Case]:
    """Draw two stable runs, a diverging one (every value finite), the edges, and a second call."""
    first = _drawn_sgd(rng, rng.randint(14, 24), rng.randint(2, 3), rng.uniform(0.4, 0.7))
    cases = [
        Case("hidden_stable", "a drawn stable run", first),
        Case(
            "hidden_many_epochs",
            "a drawn run of few points and more epochs",
            _drawn_sgd(rng, rng.randint(6, 9), rng.randint(4, 6), rng.uniform(0.3, 0.5)),
        ),
    ]
    n = rng.randint(6, 9)
    data = drawn_line(rng, n)
    rate = rng.uniform(3.5, 4.2) / curvature(data[0])
    diverging = sgd_arguments(data, drawn_start(rng), rate, drawn_orders(rng, n, 3))
    cases += [
        Case("hidden_diverging", "a drawn run that diverges", diverging, stable=False),
        Case("hidden_no_epochs", "no orders, so no epochs", _drawn_sgd(rng, rng.randint(4, 9), 0, 0.5), trivial=True),
        Case("hidden_one_point", "one drawn point", _drawn_sgd(rng, 1, rng.randint(2, 4), 0.4), trivial=True),
        Case(
            "hidden_second_call",
            "a second call with other sizes",
            _drawn_sgd(rng, rng.randint(10, 13), rng.randint(2, 3), rng.uniform(0.4, 0.7)),
            earlier=first,
        ),
    ]
    return cases


def largest_stable_lr_public() -> list[Case]:
    """Two sets of inputs off the centre, and a single input."""
    return [
        Case("seven_inputs", "seven inputs", {"x": public_line(7)[0]}),
        Case("many_inputs", "23 inputs of about four times the size", {"x": 4 * public_line(23)[0] - 1.5}),
        Case("one_input", "one input", {"x": public_line(1)[0]}, trivial=True),
        Case(
            "second_call",
            "ten inputs, after a call with seven",
            {"x": public_line(10)[0] + 1.5},
            stable=False,
            earlier={"x": public_line(7)[0]},
        ),
    ]


def largest_stable_lr_hidden(rng: random.Random) -> list[Case]:
    """Draw two sets of inputs of different sizes; the second is a second call."""
    first = {"x": rng.uniform(0.5, 2) * drawn_line(rng, rng.randint(8, 14))[0]}
    second = {"x": rng.uniform(3, 5) * drawn_line(rng, rng.randint(15, 22))[0]}
    return [
        Case("hidden_inputs", "drawn inputs", first),
        Case("hidden_second_call", "a second call with other inputs", second, earlier=first),
    ]


CARD = Card(
    slug="ps4_stochastic_descent",
    title="Stochastic gradient descent",
    topics={
        "forward": "The mathematics",
        "loss": "The mathematics",
        "gradient": "The mathematics",
        "update": "One epoch, step by step",
        "recording": "One epoch, step by step",
        "batches": "Orders are data",
        "contract": "What every function keeps to",
        "tensors": "What every function keeps to",
    },
    exercises=(
        Exercise(
            name="make_orders",
            points=2.0,
            section="make_orders",
            signature="def make_orders(n: int, epochs: int, generator: torch.Generator) -> list[Tensor]",
            probe="orders",
            aspects={"permutations": 0.55, "generator": 0.35, "hints": 0.1},
            quantities=(),
            public=make_orders_public,
            hidden=make_orders_hidden,
            check=fresh_orders,
            may_change=("generator",),
        ),
        Exercise(
            name="train_sgd",
            points=5.0,
            section="train_sgd",
            signature=(
                "def train_sgd(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, "
                "orders: Sequence[Tensor]) -> History"
            ),
            probe="history",
            aspects=HISTORY_ASPECTS,
            quantities=HISTORY,
            public=train_sgd_public,
            hidden=train_sgd_hidden,
        ),
        Exercise(
            name="largest_stable_lr",
            points=2.0,
            section="largest_stable_lr",
            signature="def largest_stable_lr(x: Tensor) -> float",
            probe="number",
            aspects={"value": 0.85, "arguments": 0.05, "hints": 0.1},
            quantities=(Quantity("value", "numbers", "value", "the learning rate"),),
            public=largest_stable_lr_public,
            hidden=largest_stable_lr_hidden,
        ),
    ),
    written=(WrittenAnswer("why_sgd_explodes", 1.0),),
)
