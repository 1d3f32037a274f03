"""ps2: the gradient of the loss in closed form and by autograd, and one update by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders.cards.data import B0, LR, W0, drawn_line, drawn_start, public_line, scalar
from graders.engine.card import Card, Case, Exercise, Quantity

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from graders.engine.card import Value


def gradient_arguments(n: int, w: float, b: float) -> dict[str, Value]:
    """``x, y, w, b`` of the separating set."""
    x, y = public_line(n)
    return {"x": x, "y": y, "w": scalar(w), "b": scalar(b)}


def drawn_gradient_arguments(rng: random.Random, n: int) -> dict[str, Value]:
    """Draw ``x, y, w, b``."""
    x, y = drawn_line(rng, n)
    w, b = drawn_start(rng)
    return {"x": x, "y": y, "w": scalar(w), "b": scalar(b)}


def closed_form_public() -> list[Case]:
    """Two lengths, one of them under ``torch.no_grad()``, and a single point."""
    return [
        Case("seven_points", "seven points, w 0.25, b -0.875", gradient_arguments(7, W0, B0)),
        Case(
            "no_grad",
            "ten points under torch.no_grad()",
            gradient_arguments(10, -1.5, 0.5),
            options={"grad": "off"},
        ),
        Case("one_point", "one point", gradient_arguments(1, 2.0, -0.5), trivial=True),
        Case(
            "second_call",
            "nine points, after a call with five",
            gradient_arguments(9, 1.5, 0.75),
            earlier=gradient_arguments(5, W0, B0),
        ),
    ]


def closed_form_hidden(rng: random.Random) -> list[Case]:
    """Draw two more, the second as a second call with other sizes."""
    first = drawn_gradient_arguments(rng, rng.randint(6, 12))
    second = drawn_gradient_arguments(rng, rng.randint(13, 20))
    return [
        Case("hidden_points", "drawn points", first),
        Case("hidden_second_call", "a second call with other sizes", second, earlier=first),
    ]


def autograd_public() -> list[Case]:
    """Parameters with and without ``requires_grad``, and with a gradient already in ``.grad``."""
    return [
        Case(
            "plain",
            "w and b without requires_grad",
            gradient_arguments(7, W0, B0),
            options={"requires_grad": False},
        ),
        Case(
            "leaves",
            "w and b that require grad",
            gradient_arguments(10, -1.5, 0.5),
            options={"requires_grad": True},
        ),
        Case(
            "filled_leaves",
            "w and b whose .grad is already filled",
            gradient_arguments(9, 1.25, 0.75),
            options={"requires_grad": True, "filled": True},
        ),
        Case("one_point", "one point", gradient_arguments(1, 2.0, -0.5), trivial=True),
        Case(
            "second_call",
            "nine points, after a call with five",
            gradient_arguments(9, 1.5, 0.75),
            earlier=gradient_arguments(5, W0, B0),
        ),
    ]


def autograd_hidden(rng: random.Random) -> list[Case]:
    """Draw two more; the second is a second call on leaves that have been used."""
    first = drawn_gradient_arguments(rng, rng.randint(6, 12))
    second = drawn_gradient_arguments(rng, rng.randint(13, 20))
    return [
        Case("hidden_points", "drawn points", first, options={"requires_grad": False}),
        Case(
            "hidden_second_call",
            "a second call with other sizes",
            second,
            options={"requires_grad": True, "filled": True},
            earlier=first,
        ),
    ]


def _update_case(name: str, sentence: str, numbers: Mapping[str, float], **more: object) -> Case:
    arguments = {"w": scalar(numbers["w"]), "b": scalar(numbers["b"]), "lr": numbers["lr"]}
    options = {"dw": numbers["dw"], "db": numbers["db"]}
    return Case(name, sentence, arguments, options=options, **more)  # type: ignore[arg-type]


def update_public() -> list[Case]:
    """One step from the start of the course, and one with a small rate."""
    return [
        _update_case(
            "one_step",
            "w 0.25, b -0.875, gradient (-3, 1.25), lr 0.125",
            {"w": W0, "b": B0, "lr": LR, "dw": -3.0, "db": 1.25},
        ),
        _update_case(
            "small_rate",
            "w -1.5, b 2, gradient (0.75, 5), lr 0.03125",
            {"w": -1.5, "b": 2.0, "lr": 0.03125, "dw": 0.75, "db": 5.0},
        ),
    ]


def update_hidden(rng: random.Random) -> list[Case]:
    """Draw two steps, the second after another call and with a small dL/db: not every step is a sign's."""
    numbers = []
    for least, most in ((1.2, 2.4), (0.3, 0.8)):
        w, b = drawn_start(rng)
        sign = rng.choice((-1, 1))
        slopes = {"dw": sign * rng.uniform(3.0, 6.0), "db": -sign * rng.uniform(least, most)}
        numbers.append({"w": w, "b": b, "lr": rng.uniform(0.02, 0.2), **slopes})
    first = _update_case("hidden_step", "drawn numbers", numbers[0])
    second = _update_case("hidden_second_call", "a second call with other numbers", numbers[1], earlier=first.arguments)
    return [first, second]


GRADIENT = (
    Quantity("dw", "numbers", "gradient", "dL/dw", "gradient"),
    Quantity("db", "numbers", "gradient", "dL/db", "gradient"),
)
GRADIENT_HINT = "(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]"

CARD = Card(
    slug="ps2_gradients_and_updates",
    title="Gradients and updates",
    topics={
        "forward": "The loss again",
        "loss": "The loss again",
        "gradient": "The gradient",
        "update": "The update",
        "tensors": "Leaves, graphs and notes",
        "contract": "What every function keeps to",
    },
    exercises=(
        Exercise(
            name="mse_gradients",
            points=3.0,
            section="Exercise 1 · mse_gradients",
            signature=f"def mse_gradients{GRADIENT_HINT}",
            probe="gradients",
            aspects={"gradient": 0.85, "arguments": 0.05, "hints": 0.1},
            quantities=GRADIENT,
            public=closed_form_public,
            hidden=closed_form_hidden,
        ),
        Exercise(
            name="autograd_gradients",
            points=2.0,
            section="Exercise 2 · autograd_gradients",
            signature=f"def autograd_gradients{GRADIENT_HINT}",
            probe="gradients",
            aspects={"gradient": 0.65, "caller's tensors": 0.2, "arguments": 0.05, "hints": 0.1},
            quantities=(*GRADIENT, Quantity("state", "exact", "caller's tensors", "the caller's w and b")),
            public=autograd_public,
            hidden=autograd_hidden,
        ),
        Exercise(
            name="update",
            points=3.0,
            section="Exercise 3 · update",
            signature="def update(w: Tensor, b: Tensor, lr: float) -> None",
            probe="update",
            aspects={"step": 0.55, "cleared": 0.2, "in place": 0.15, "hints": 0.1},
            quantities=(
                Quantity("w", "numbers", "step", "w after the step", "step"),
                Quantity("b", "numbers", "step", "b after the step", "step"),
                Quantity("grad_w", "numbers", "cleared", "the gradient of w after the step", "cleared"),
                Quantity("grad_b", "numbers", "cleared", "the gradient of b after the step", "cleared"),
                Quantity("same_objects", "exact", "in place", "whether w and b are still the same tensors"),
                Quantity("requires_grad", "exact", "in place", "whether w and b still require grad"),
                Quantity("returned", "exact", "in place", "what update returns"),
            ),
            public=update_public,
            hidden=update_hidden,
            may_change=("w", "b"),
        ),
    ),
)
