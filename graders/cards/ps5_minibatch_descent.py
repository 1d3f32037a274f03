"""ps5: cutting an order into batches, one update per batch, and gradients collected over micro-batches."""

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
from graders.cards.ps4_stochastic_descent import sample_limit, sgd_arguments
from graders.engine.card import Card, Case, Exercise, Quantity
from graders.engine.properties import batches_of

if TYPE_CHECKING:
    import random

    from graders.cards.data import Array, Order
    from graders.engine.card import Value

# (n, B) that tell every mistake with a partial batch from every other: a rest of 2, 1 and 0, one batch, less than one.
SIZES = ((23, 7), (22, 7), (21, 7), (23, 23), (23, 30))


MANY = 21  # samples; a batch size from somewhere else, say 20, is not all of them


def drawn_sizes(rng: random.Random, least: int = 13, most: int = 29) -> tuple[int, int]:
    """Draw ``n, B`` whose last batch is smaller and hides nothing.

    At least two samples are left over and at least two are missing, so equal parts differ; as many pieces as there are
    batches, cut by ``torch.chunk``, have another size; and ``B * B`` is not ``n``.
    """
    while True:
        n, size = rng.randint(least, most), rng.randint(5, 9)
        pieces = -(-n // size)
        if 2 <= n % size <= size - 2 and -(-n // pieces) != size and size * size != n:
            return n, size


def _split_case(name: str, order: Order, size: int, earlier: dict[str, Value] | None = None) -> Case:
    n = len(order)
    sentence = f"{n} sample{'s' * (n > 1)}, batch size {size}"
    arguments = {"order": order, "batch_size": size}
    return Case(name, sentence, arguments, trivial=n == 1, stable=False, earlier=earlier)


def split_batches_public() -> list[Case]:
    """A rest of 2, of 1 and of 0, one batch, less than one batch, batches of one, one sample."""
    sizes = (*SIZES, (6, 1), (1, 3))
    cases = [_split_case(f"{n}_by_{size}", public_orders(n, 1)[0], size) for n, size in sizes]
    earlier = dict(cases[0].arguments)
    return [*cases, _split_case("second_call", public_orders(17, 1)[0], 5, earlier)]


def split_batches_hidden(rng: random.Random) -> list[Case]:
    """Draw six sizes with a rest, one without, one larger than n, and a second call."""
    cases = []
    for number in range(1, 7):
        n, size = drawn_sizes(rng, 11, 60)
        cases.append(_split_case(f"hidden_rest_{number}", drawn_orders(rng, n, 1)[0], size))
    size, pieces = rng.randint(3, 6), rng.randint(3, 5)
    n = rng.randint(5, 9)
    cases.append(_split_case("hidden_no_rest", drawn_orders(rng, size * pieces, 1)[0], size))
    cases.append(_split_case("hidden_large_batch", drawn_orders(rng, n, 1)[0], n + rng.randint(1, 9)))
    n, size = drawn_sizes(rng)
    earlier = dict(cases[0].arguments)
    cases.append(_split_case("hidden_second_call", drawn_orders(rng, n, 1)[0], size, earlier))
    return cases


def minibatch_arguments(
    data: tuple[Array, Array], start: tuple[float, float], lr: float, orders: list[Order], size: int
) -> dict[str, Value]:
    """Arguments of ``train_minibatch`` in the order of the contract."""
    return {**sgd_arguments(data, start, lr, orders), "batch_size": size}


def _public_run(n: int, size: int, epochs: int, lr: float = LR) -> dict[str, Value]:
    return minibatch_arguments(public_line(n), (W0, B0), lr, public_orders(n, epochs), size)


def train_minibatch_public() -> list[Case]:
    """The separating set at every kind of batch size, and the edges of the contract."""
    return [
        Case("partial_batch", "23 points, batch size 7, 6 epochs", _public_run(23, 7, 6)),
        Case("one_left_over", "22 points, batch size 7, 6 epochs", _public_run(22, 7, 6)),
        Case("even_batches", "21 points, batch size 7, 4 epochs", _public_run(21, 7, 4)),
        Case("one_batch", "23 points, batch size 23, 12 epochs", _public_run(23, 23, 12)),
        Case("large_batch", "23 points, batch size 30, 4 epochs", _public_run(23, 30, 4)),
        Case("batches_of_one", "23 points, batch size 1, lr 0.0625, 2 epochs", _public_run(23, 1, 2, 0.0625)),
        Case("no_epochs", "no orders, so no epochs", _public_run(5, 2, 0), trivial=True),
        Case("one_point", "one point, batch size 3, 3 epochs", _public_run(1, 3, 3), trivial=True),
        Case(
            "second_call",
            "17 points from another start, batch size 5, after a call with 23 points",
            minibatch_arguments(public_line(17), (-1.5, 0.5), 0.09375, public_orders(17, 3), 5),
            stable=False,
            earlier=_public_run(23, 7, 6),
        ),
    ]


def drawn_run(rng: random.Random, n: int, size: int, epochs: int) -> dict[str, Value]:
    """Draw a stable run of mini-batch descent."""
    data = drawn_line(rng, n)
    rate = rng.uniform(0.4, 0.8) * sample_limit(data[0])
    return minibatch_arguments(data, drawn_start(rng), rate, drawn_orders(rng, n, epochs), size)


def train_minibatch_hidden(rng: random.Random) -> list[Case]:
    """Draw every kind of batch size, a diverging run (every value finite), the edges, and a second call."""
    n, size = drawn_sizes(rng, MANY)
    first = drawn_run(rng, n, size, rng.randint(4, 6))
    cases = [Case("hidden_partial_batch", "a drawn run with a smaller last batch", first)]

    size, pieces = rng.randint(4, 6), rng.randint(3, 5)
    even = drawn_run(rng, size * pieces + size * (size == pieces), size, rng.randint(3, 4))
    cases.append(Case("hidden_even_batches", "a drawn run whose batches are all full", even))
    n = rng.randint(7, 12)
    large = drawn_run(rng, n, n + rng.randint(1, 6), rng.randint(5, 8))
    cases.append(Case("hidden_large_batch", "a batch size larger than the number of points", large))
    ones = drawn_run(rng, rng.randint(9, 12), 1, 2)
    cases.append(Case("hidden_batches_of_one", "a drawn run with batch size 1", ones))

    n, size = drawn_sizes(rng, 12, 17)
    data = drawn_line(rng, n)
    rate = rng.uniform(3.4, 4.0) / curvature(data[0])
    diverging = minibatch_arguments(data, drawn_start(rng), rate, drawn_orders(rng, n, 5), size)
    cases.append(Case("hidden_diverging", "a drawn run that diverges", diverging, stable=False))

    cases.append(
        Case("hidden_no_epochs", "no orders, so no epochs", drawn_run(rng, rng.randint(4, 9), 3, 0), trivial=True)
    )
    cases.append(Case("hidden_one_point", "one drawn point", drawn_run(rng, 1, rng.randint(1, 4), 3), trivial=True))
    n, size = drawn_sizes(rng)
    second = drawn_run(rng, n, size, rng.randint(3, 4))
    cases.append(Case("hidden_second_call", "a second call with other sizes", second, earlier=first))
    return cases


def _accumulated(
    name: str, sentence: str, data: tuple[Array, Array], at: tuple[float, float], size: int, **more: object
) -> Case:
    x, y = data
    w, b = at
    arguments = {"x": x, "y": y, "w": scalar(w), "b": scalar(b), "micro_batch_size": size}
    return Case(name, sentence, arguments, trivial=len(x) == 1, **more)  # type: ignore[arg-type]


def accumulated_gradients_public() -> list[Case]:
    """Micro-batches with a rest, without, of one, larger than n; parameters that require grad or hold one."""
    leaves = {"requires_grad": True}
    partial = _accumulated("partial", "23 points by 7", public_line(23), (W0, B0), 7, options={"requires_grad": False})
    return [
        partial,
        _accumulated("leaves", "w and b that require grad", public_line(22), (-1.5, 0.5), 7, options=leaves),
        _accumulated(
            "filled_leaves",
            "w and b whose .grad is already filled",
            public_line(13),
            (1.25, 0.75),
            5,
            options={**leaves, "filled": True},
        ),
        _accumulated("even", "21 points by 7", public_line(21), (W0, B0), 7),
        _accumulated("ones", "nine points one by one", public_line(9), (2.0, -0.5), 1),
        _accumulated("large", "ten points, micro-batches of 16", public_line(10), (W0, B0), 16),
        _accumulated("one_point", "one point", public_line(1), (2.0, -0.5), 3),
        _accumulated(
            "second_call",
            "17 points by 5, after a call with 23 points",
            public_line(17),
            (-1.5, 0.5),
            5,
            stable=False,
            earlier=partial.arguments,
        ),
    ]


def accumulated_gradients_hidden(rng: random.Random) -> list[Case]:
    """Draw two with a rest, the second as a second call on leaves that hold a gradient, one without, one large."""
    (n, size), (m, other) = drawn_sizes(rng), drawn_sizes(rng)
    first = _accumulated(
        "hidden_partial",
        "drawn points with a smaller last micro-batch",
        drawn_line(rng, n),
        drawn_start(rng),
        size,
        options={"requires_grad": False},
    )
    even = rng.randint(3, 6)
    few = rng.randint(6, 10)
    return [
        first,
        _accumulated(
            "hidden_even",
            "drawn points in full micro-batches",
            drawn_line(rng, even * rng.randint(2, 4)),
            drawn_start(rng),
            even,
        ),
        _accumulated(
            "hidden_large", "one micro-batch larger than the data", drawn_line(rng, few), drawn_start(rng), few + 3
        ),
        _accumulated(
            "hidden_second_call",
            "a second call with other sizes",
            drawn_line(rng, m),
            drawn_start(rng),
            other,
            options={"requires_grad": True, "filled": True},
            earlier=first.arguments,
        ),
    ]


CARD = Card(
    slug="ps5_minibatch_descent",
    title="Mini-batch gradient descent",
    topics={
        "forward": "The mathematics",
        "loss": "A batch has a loss of its own",
        "gradient": "A batch has a loss of its own",
        "update": "A batch has a loss of its own",
        "recording": "Recording an epoch",
        "batches": "Cutting an order",
        "contract": "What every function keeps to",
        "tensors": "What every function keeps to",
    },
    exercises=(
        Exercise(
            name="split_batches",
            points=2.0,
            section="split_batches",
            signature="def split_batches(order: Tensor, batch_size: int) -> list[Tensor]",
            probe="batches",
            aspects={"batches": 0.85, "arguments": 0.05, "hints": 0.1},
            quantities=(),
            public=split_batches_public,
            hidden=split_batches_hidden,
            check=batches_of,
        ),
        Exercise(
            name="train_minibatch",
            points=6.0,
            section="train_minibatch",
            signature=(
                "def train_minibatch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, "
                "orders: Sequence[Tensor], batch_size: int) -> History"
            ),
            probe="history",
            aspects=HISTORY_ASPECTS,
            quantities=HISTORY,
            public=train_minibatch_public,
            hidden=train_minibatch_hidden,
        ),
        Exercise(
            name="accumulated_gradients",
            points=2.0,
            section="accumulated_gradients",
            signature=(
                "def accumulated_gradients(x: Tensor, y: Tensor, w: Tensor, b: Tensor, micro_batch_size: int) "
                "-> tuple[Tensor, Tensor]"
            ),
            probe="gradients",
            aspects={"gradient": 0.65, "caller's tensors": 0.2, "arguments": 0.05, "hints": 0.1},
            quantities=(
                Quantity("dw", "numbers", "gradient", "dL/dw", "gradient"),
                Quantity("db", "numbers", "gradient", "dL/db", "gradient"),
                Quantity("state", "exact", "caller's tensors", "the caller's w and b"),
            ),
            public=accumulated_gradients_public,
            hidden=accumulated_gradients_hidden,
        ),
    ),
)
