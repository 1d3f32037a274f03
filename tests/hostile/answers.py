"""Answers no probe of ours gives, as a program forges them: any plain value the protocol lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graders.engine.observation import Frame, Observation, Raised
from graders.engine.wire import observation_from_plain, observation_to_plain, pack, unpack

if TYPE_CHECKING:
    import random

    from graders.engine.card import Exercise
    from graders.engine.key import Key

ODD: list[Any] = [
    None, True, 0, -1, 2**62, 1.5, -0.0, 1e-320, float("nan"), float("inf"), "", "text", "x" * 19_000, "\x1b[2J\u202e",
    [], [[]], [{}], [1.0, "a"], [[1.0], [1.0, 2.0]], [[[[[[1]]]]]], [1, 2, 3, 4, 5, 6], [["x"]], [["x", "", "", True, "k"]],
    [np.ones(2), np.ones(3)], [np.ones(2), None],
    {}, {"a": 1.0}, {1: [2.0]}, {"x": np.ones(3)}, {"lines": "x", "axes": 3},
    {"axes": [{"lines": [{"x": None, "y": np.ones((2, 2))}]}]},
    np.zeros(0), np.zeros((0, 3)), np.zeros((2, 2)), np.ones(4), np.arange(5), np.zeros((1,) * 16), np.ones(3, np.float32),
    np.full(4, np.nan), np.full(4, np.inf), np.full(4, -np.inf), np.full(4, 1e308), np.array(True), np.array([True, False]),
]  # fmt: skip
NAMES = {
    "backwards", "parameters", "returns", "kind", "methods", "bases", "figure", "orders", "again", "next", "keys",
    "global_random", "dtypes", "length", "x", "y", "raised", "state", "returned", "batches", "first", "second",
}  # fmt: skip
ERRORS = [
    None,
    Raised("", ""),
    Raised("ValueError", "x" * 2000, (Frame("", -5, "", ""),)),
    Raised("RuntimeError", "element 0 of tensors does not require grad", (Frame("x", 2**62, "y" * 500, "f"),)),
]


class Forger:
    """Answers every question about an exercise with something odd, now and then beside what is expected."""

    def __init__(self, exercise: Exercise, key: Key, chance: random.Random) -> None:
        self.chance = chance
        self.expected = {id(case.case.arguments): case.expected for case in key.cases}
        quantities = {quantity.name for quantity in exercise.quantities}
        self.names = sorted(NAMES | quantities | {name for case in key.cases for name in case.expected})
        self.near = chance.random() < 0.7

    def __call__(self, question: Any, _: float) -> Observation:
        """Return an answer that has gone over the wire, as a forged frame does."""
        chance, names = self.chance, self.names
        values = dict(self.expected.get(id(question.arguments), {})) if self.near else {}
        for name in chance.sample(names, chance.randint(0, 3) if values else len(names)):
            values[name] = chance.choice(ODD)
        if values and chance.random() < 0.6:
            values[chance.choice(list(values))] = chance.choice(ODD)
        seen = Observation(
            chance.choice(["returned"] * 8 + ["raised", "unreadable", "missing", "not-attempted"]),
            values=values,
            dtypes={chance.choice(names): chance.choice(["float32", "float16", "", "x" * 40])},
            faults=tuple((chance.choice(["", "float32-inside", "nonsense"]), "x\x1b" * 50) for _ in range(chance.choice([0, 0, 2]))),
            after={name: chance.choice(ODD) for name in list(question.arguments)[: chance.choice([0, 0, 1])]},
            error=chance.choice(ERRORS),
        )  # fmt: skip
        return observation_from_plain(unpack(pack(observation_to_plain(seen))))
