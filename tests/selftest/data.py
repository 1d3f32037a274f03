"""The oracle's own data: calls within the contract, drawn without the cards' generators and sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.observation import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from graders.engine.card import Exercise

    Random = np.random.Generator
    Call = tuple[dict[str, Any], dict[str, Any]]  # arguments, options

SIZES = (2, 5, 12, 19, 31, 1)
BATCHES = ((5, 2), (12, 5), (19, 4), (31, 8), (12, 4), (6, 9), (7, 1), (1, 2), (9, 8))


def line(rng: Random, n: int) -> dict[str, Any]:
    """Draw ``x`` and ``y`` of shape (n, 1), off the centre."""
    x = rng.normal(0.6, 1.1, (n, 1))
    return {"x": x, "y": rng.normal(1.2, 0.4) * x + rng.normal(-0.7, 0.2) + rng.normal(0, 0.3, (n, 1))}


def scalar(rng: Random) -> np.ndarray:
    """Draw a parameter."""
    return np.array(rng.choice((-1.0, 1.0)) * rng.uniform(0.2, 2.0))


def at(rng: Random, *names: str) -> dict[str, Any]:
    """Draw parameters under these names."""
    return {name: scalar(rng) for name in names}


def rate(rng: Random, x: np.ndarray) -> float:
    """Draw a learning rate at which every single sample is stable."""
    return float(rng.uniform(0.3, 0.8) / (np.sum(x * x, axis=1) + 1).max())


def visits(rng: Random, n: int, epochs: int) -> list[np.ndarray]:
    """Draw one order per epoch."""
    return [rng.permutation(n).astype(np.int64) for _ in range(epochs)]


def make_line(rng: Random) -> list[Call]:
    """Calls of ``make_line``."""
    return [
        ({"x": (d := line(rng, n))["x"], "slope": rng.normal(), "intercept": rng.normal(), "noise": d["y"]}, {})
        for n in SIZES
    ]


def forward(rng: Random) -> list[Call]:
    """Calls of ``forward``."""
    return [({"x": line(rng, n)["x"], **at(rng, "w", "b")}, {"weights": rng.normal(0.3, 1, (n, 1))}) for n in SIZES]


def mse(rng: Random) -> list[Call]:
    """Calls of ``mse``, with equal shapes and with unequal ones."""
    shapes = [(6, 1), (5,), (2, 1), (1, 1), (3, 4), (17, 1)]
    unequal = [((5, 1), (5,)), ((5,), (5, 1)), ((4, 1), (1, 1)), ((3, 1), (1, 3)), ((2,), (1,)), ((6, 1), (5, 1))]
    unequal += [((1,), (1, 1)), ((1, 1), (4, 1))]
    pairs = [((shape, shape), {}) for shape in shapes] + [(pair, {"unequal": True}) for pair in unequal]
    return [({"y_pred": rng.normal(0.5, 1, one), "y": rng.normal(0, 1, two)}, options) for (one, two), options in pairs]


def gradients(rng: Random) -> list[Call]:
    """Calls of ``mse_gradients``."""
    return [({**line(rng, n), **at(rng, "w", "b")}, {"grad": "off"} if n == 12 else {}) for n in SIZES]


def autograd(rng: Random) -> list[Call]:
    """Calls of ``autograd_gradients``."""
    options: list[dict[str, Any]] = [{}, {"requires_grad": True}, {"requires_grad": True, "filled": True}]
    return [({**line(rng, n), **at(rng, "w", "b")}, options[k % 3]) for k, n in enumerate(SIZES)]


def update(rng: Random) -> list[Call]:
    """Calls of ``update``."""
    return [
        ({**at(rng, "w", "b"), "lr": float(rng.uniform(0.01, 0.9))}, {"dw": rng.normal(0, 3), "db": rng.normal(1, 2)})
        for _ in range(6)
    ]


def train_batch(rng: Random) -> list[Call]:
    """Calls of ``train_batch``."""
    return [
        ({**(d := line(rng, n)), **at(rng, "w0", "b0"), "lr": rate(rng, d["x"]), "epochs": epochs}, {})
        for n, epochs in zip(SIZES, (3, 1, 7, 2, 5, 4), strict=True)
    ] + [({**line(rng, 3), **at(rng, "w0", "b0"), "lr": 0.1, "epochs": 0}, {})]


def make_orders(rng: Random) -> list[Call]:
    """Calls of ``make_orders``."""
    return [
        ({"n": n, "epochs": epochs, "generator": None}, {"seed": int(rng.integers(1, 9999))})
        for n, epochs in ((30, 3), (25, 6), (60, 2), (20, 1), (7, 0), (1, 2))
    ]


def train_sgd(rng: Random) -> list[Call]:
    """Calls of ``train_sgd``."""
    return [
        ({**(d := line(rng, n)), **at(rng, "w0", "b0"), "lr": rate(rng, d["x"]), "orders": visits(rng, n, epochs)}, {})
        for n, epochs in zip((*SIZES, 4), (3, 1, 2, 2, 1, 3, 0), strict=True)
    ]


def largest_stable_lr(rng: Random) -> list[Call]:
    """Calls of ``largest_stable_lr``."""
    return [({"x": size * line(rng, n)["x"]}, {}) for n, size in zip(SIZES, (1, 0.1, 3, 10, 0.5, 2), strict=True)]


def split_batches(rng: Random) -> list[Call]:
    """Calls of ``split_batches``."""
    return [({"order": visits(rng, n, 1)[0], "batch_size": size}, {}) for n, size in BATCHES]


def train_minibatch(rng: Random) -> list[Call]:
    """Calls of ``train_minibatch``."""
    calls = []
    for n, size in BATCHES:
        d = line(rng, n)
        orders = visits(rng, n, int(rng.integers(1, 4)))
        calls.append(({**d, **at(rng, "w0", "b0"), "lr": rate(rng, d["x"]), "orders": orders, "batch_size": size}, {}))
    return calls


def accumulated(rng: Random) -> list[Call]:
    """Calls of ``accumulated_gradients``."""
    options: list[dict[str, Any]] = [{}, {"requires_grad": True}, {"requires_grad": True, "filled": True}]
    return [
        ({**line(rng, n), **at(rng, "w", "b"), "micro_batch_size": size}, options[k % 3])
        for k, (n, size) in enumerate(BATCHES)
    ]


def dataset(rng: Random) -> list[Call]:
    """Calls of ``LineDataset``."""
    return [(line(rng, n), {}) for n in SIZES] + [({"x": rng.normal(size=(6, 3)), "y": rng.normal(size=6)}, {})]


def loader(rng: Random) -> list[Call]:
    """Calls of ``make_loader``."""
    return [
        ({"dataset": line(rng, n), "batch_size": size, "order": visits(rng, n, 1)[0].tolist()}, {})
        for n, size in BATCHES
    ]


def training(rng: Random) -> list[Call]:
    """Calls of ``train_with_optimizer``: one feature and several, column and flat targets, either dtype."""
    calls = []
    for k, (n, size) in enumerate(BATCHES):
        d = line(rng, n)
        if k % 3 == 1:
            d = {"x": rng.normal(0.3, 0.8, (n, 3)), "y": rng.normal(0.5, 1, n)}
        elif k % 3 == 2:
            d = {"x": d["x"], "y": d["y"].ravel()}
        features = d["x"].shape[1]
        model = {"features": features, "weight": rng.normal(0, 1, (1, features)), "bias": rng.normal(1, 0.5, 1)}
        if k % 4 == 3:
            model["dtype"] = "float64"
        given = {**d, "batch_size": size, "order": visits(rng, n, 1)[0].tolist()}
        epochs = int(rng.integers(1, 4))
        calls.append(({"model": model, "loader": given, "lr": rate(rng, d["x"]), "epochs": epochs}, {}))
    return calls


def accumulation(rng: Random) -> list[Call]:
    """Calls of ``train_with_accumulation``."""
    return [
        ({**given, "accumulation_steps": steps}, options)
        for (given, options), steps in zip(training(rng), (2, 2, 3, 3, 2, 4, 3, 2, 1), strict=True)
    ]


def batch_sizes(rng: Random) -> list[Call]:
    """Calls of ``batch_size_sweep``."""
    calls = []
    for n, sizes in ((12, [5, 12, 3]), (19, [4, 30]), (7, [1, 2]), (5, [5]), (3, [])):
        d = line(rng, n)
        run = {**d, **at(rng, "w0", "b0"), "lr": rate(rng, d["x"]), "orders": visits(rng, n, 2)}
        calls.append(({**run, "batch_sizes": sizes}, {}))
    return calls[:-1]


def rates(rng: Random) -> list[Call]:
    """Calls of ``learning_rate_sweep``, some of which overflow."""
    calls = []
    for n, epochs, more in ((12, 4, []), (9, 14, [2.0**70]), (5, 1, []), (4, 0, []), (2, 7, [])):
        d = line(rng, n)
        lrs = [rate(rng, d["x"]), rate(rng, d["x"]) / 3, *more]
        calls.append(({**d, **at(rng, "w0", "b0"), "lrs": lrs, "epochs": epochs}, {}))
    return calls


def grid(rng: Random) -> list[Call]:
    """Calls of ``loss_grid``."""
    return [
        ({**line(rng, n), "ws": np.sort(rng.normal(0, 2, p)), "bs": np.sort(rng.normal(0, 1, q))}, {})
        for n, p, q in ((6, 3, 5), (4, 4, 4), (9, 1, 3), (5, 2, 1), (1, 2, 3), (3, 5, 3))
    ]


CALLS: dict[str, Callable[[Random], list[Call]]] = {
    "make_line": make_line,
    "forward": forward,
    "mse": mse,
    "mse_gradients": gradients,
    "autograd_gradients": autograd,
    "update": update,
    "train_batch": train_batch,
    "make_orders": make_orders,
    "train_sgd": train_sgd,
    "largest_stable_lr": largest_stable_lr,
    "split_batches": split_batches,
    "train_minibatch": train_minibatch,
    "accumulated_gradients": accumulated,
    "LineDataset": dataset,
    "make_loader": loader,
    "train_with_optimizer": training,
    "train_with_accumulation": accumulation,
    "batch_size_sweep": batch_sizes,
    "learning_rate_sweep": rates,
    "loss_grid": grid,
}


def questions(exercise: Exercise, seed: int) -> list[Question]:
    """Return the oracle's questions on one exercise, in float64; the second one in float32 as well."""
    rng = np.random.default_rng([seed, *exercise.name.encode()])
    found = [
        Question(exercise.name, exercise.probe, arguments, options) for arguments, options in CALLS[exercise.name](rng)
    ]
    return [*found, replace(found[1], dtype="float32"), replace(found[0], earlier=found[2].arguments)]
