"""Orders, batches, loaders and datasets are judged by properties; each failure is one plain sentence."""

from __future__ import annotations

import numpy as np
import pytest

from graders.engine.card import Case
from graders.engine.observation import Observation
from graders.engine.properties import batches_of, dataset_items, fresh_orders, loader_visits
from tests.support.cells import ask

HEAD = """import torch, random, numpy as np
from torch.utils.data import DataLoader, Dataset, TensorDataset, SubsetRandomSampler
"""


def judged(check, case, code, probe, function="f"):
    """Return the faults of a piece of code as (mistake, aspect, sentence)."""
    seen = ask(HEAD + code, function, probe, case.arguments, options=case.options)
    assert seen.outcome == "returned", seen.error
    return [(fault.mistake, fault.aspect, fault.sentence) for fault in check(case, seen)]


# -- make_orders -------------------------------------------------------------------------------------------------


def orders(body, n=23, epochs=6):
    """Judge a make_orders with this result."""
    case = Case("orders", "", {"n": n, "epochs": epochs}, options={"seed": 3})
    return judged(fresh_orders, case, f"def f(n, epochs, generator):\n    {body}\n", "orders")


DRAW = "torch.randperm(n, generator=generator)"


@pytest.mark.parametrize("size", [(23, 6), (1, 4), (2, 5), (3, 1), (12, 1), (5, 0)])
@pytest.mark.parametrize(
    "body",
    [
        f"return [{DRAW} for _ in range(epochs)]",
        f"orders = []\n    for _ in range(epochs): orders.append({DRAW})\n    return tuple(orders)",
        "return [torch.rand(n, generator=generator).argsort() for _ in range(epochs)]",
        f"out = [{DRAW} for _ in range(epochs)]\n    return torch.stack(out) if out else out",
    ],
)
def test_fresh_permutations_are_right(body, size):
    """Any way to draw a permutation per epoch from the generator is right, also where n leaves little choice."""
    assert orders(body, *size) == []


def test_chance_is_never_taken_for_a_pattern():
    """Many orders of every length, drawn rightly, hold no pattern."""
    random = np.random.default_rng(7)
    for n in (1, 2, 3, 5, 8, 11, 12, 15, 23, 60):
        for _ in range(200):
            drawn = [random.permutation(n) for _ in range(int(random.integers(0, 7)))]
            case = Case("orders", "", {"n": n, "epochs": len(drawn)})
            seen = Observation("returned", {"orders": drawn}, dtypes={"orders": "int64"})
            assert fresh_orders(case, seen) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (
            f"order = {DRAW}\n    return [order] * epochs",
            ("same-order-every-epoch", "permutations", "All epochs visit the samples in the same order."),
        ),
        (
            f"{DRAW}\n    return [torch.arange(n)] * epochs",
            ("same-order-every-epoch", "permutations", "No epoch is shuffled: each visits the samples as they stand."),
        ),
        (
            f"return [{DRAW} for _ in range(epochs - 1)]",
            ("one-epoch-short", "permutations", "There are 5 orders for 6 epochs."),
        ),
        (
            f"return [{DRAW} for _ in range(epochs + 1)]",
            ("one-epoch-long", "permutations", "There are 7 orders for 6 epochs."),
        ),
        (
            f"out = [{DRAW} for _ in range(epochs)]\n    out[1][out[1] == 3] = 4\n    return out",
            (None, "permutations", "Sample 4 is visited twice in epoch 2."),
        ),
        (
            f"return [{DRAW} + 1 for _ in range(epochs)]",
            (None, "permutations", "Index 23 in epoch 1 is none of the samples 0 to 22."),
        ),
        (
            f"return [{DRAW}[1:] for _ in range(epochs)]",
            (None, "permutations", "Sample 7 is never visited in epoch 1."),
        ),
        (
            f"return [{DRAW}.int() for _ in range(epochs)]",
            (None, "permutations", "The orders have dtype int32; int64 is asked for."),
        ),
        (
            f"order = {DRAW}\n    return [order.roll(e) for e in range(epochs)]",
            (None, "permutations", "The order of epoch 2 is that of epoch 1, only shifted or reversed."),
        ),
        (
            f"order = {DRAW}\n    return [(order + e) % n for e in range(epochs)]",
            (None, "permutations", "The order of epoch 2 is that of epoch 1, only shifted or reversed."),
        ),
        (
            f"a, b = {DRAW}, {DRAW}\n    return [a, b] * (epochs // 2)",
            (None, "permutations", "Epochs 1 and 3 visit the samples in the same order."),
        ),
        (
            f"return [torch.arange(n)] + [{DRAW} for _ in range(epochs - 1)]",
            (None, "permutations", "Epoch 1 is not shuffled."),
        ),
        (
            "return [torch.cat([torch.randperm(12, generator=generator), torch.arange(12, n)]) for _ in range(epochs)]",
            (
                None,
                "permutations",
                "The orders are not fully shuffled: many samples stay near their own place.",
            ),
        ),
        (
            f"out = [{DRAW}]\n    while len(out) < epochs: out.append(torch.cat([out[-1][:6].roll(1), out[-1][6:]]))\n    return out",
            (
                None,
                "permutations",
                "The orders are not fresh: many samples stay near their place of the epoch before.",
            ),
        ),
        (
            f"return [{DRAW}] * (epochs - 1)",
            (
                "one-epoch-short+same-order-every-epoch",
                "permutations",
                "There are 5 orders for 6 epochs. All epochs visit the samples in the same order.",
            ),
        ),
        (
            "return [torch.randperm(n) for _ in range(epochs)]",
            (
                "ignores-an-argument",
                "generator",
                "The global random state changes; only the given generator is to be used.",
            ),
        ),
        (
            "g = torch.Generator().manual_seed(0)\n    return [torch.randperm(n, generator=g) for _ in range(epochs)]",
            (
                "ignores-an-argument",
                "generator",
                "The generator does not advance: a second call with it gives the same orders.",
            ),
        ),
        (
            f"state = generator.get_state()\n    out = [{DRAW} for _ in range(epochs)]\n    generator.set_state(state)\n    return out",
            (
                None,
                "generator",
                "The generator does not advance: a second call with it gives the same orders.",
            ),
        ),
        (
            "g = torch.Generator(); g.seed()\n    return [torch.randperm(n, generator=g) for _ in range(epochs)]",
            ("ignores-an-argument", "generator", "A second generator with the same seed gives other orders."),
        ),
    ],
)
def test_orders_that_are_wrong(body, fault):
    """The first property that fails is named."""
    found = orders(body)
    if "never visited" in fault[2]:  # which one is missing depends on the generator of this torch
        assert found[0][2].startswith("Sample ")
        assert found[0][2].endswith(" is never visited in epoch 1.")
    else:
        assert found[0] == fault


# -- split_batches -----------------------------------------------------------------------------------------------


def batches(result, n=23, size=7):
    """Judge a split_batches with this result, on an order that is no involution."""
    order = (5 * np.arange(n) + 2) % n
    case = Case("batches", "", {"order": order, "batch_size": size})
    return judged(batches_of, case, f"def f(order, size):\n    n = len(order)\n    return {result}\n", "batches")


@pytest.mark.parametrize("shape", [(23, 7), (22, 11), (23, 23), (23, 30), (23, 1), (1, 5), (23, 5)])
@pytest.mark.parametrize(
    "result",
    ["[order[k:k + size] for k in range(0, n, size)]", "order.split(size)", "list(torch.split(order, size))"],
)
def test_right_batches(result, shape):
    """Slices, or torch.split, for any n and batch size."""
    assert batches(result, *shape) == []


@pytest.mark.parametrize(
    ("result", "shape", "mistake", "words"),
    [
        (
            "[order[k:k + size] for k in range(0, n - size + 1, size)]",
            (23, 7),
            "last-partial-batch-dropped",
            "There are 3 batches; 4 are expected.",
        ),
        (
            "[order[k:k + size] for k in range(0, n - size, size)]",
            (22, 11),
            "last-full-batch-dropped",
            "There is 1 batch; 2 are expected.",
        ),
        (
            "[order[min(k, n - size):][:size] for k in range(0, n, size)]",
            (23, 7),
            "last-batch-overlaps",
            "Batch 3 has 7 samples; 2 are expected.",
        ),
        ("[order[k:k + size] for k in range(n)]", (23, 7), "sliding-window", "There are 23 batches; 4 are expected."),
        ("order.chunk(-(-n // size))", (23, 7), "equal-chunks", "Batch 0 has 6 samples; 7 are expected."),
        ("torch.arange(n).split(size)", (23, 7), "order-ignored", "Batch 0 holds sample 0 where 2 is expected."),
        (
            "[order[:n % size]] + [order[k:k + size] for k in range(n % size, n, size)]",
            (23, 7),
            "partial-batch-first",
            "Batch 0 has 2 samples",
        ),
        ("order.split(size)[::-1]", (23, 7), "batches-reversed", "Batch 0 has 2 samples; 7 are expected."),
        ("[order[:size]]", (23, 7), "first-batch-only", "There is 1 batch; 4 are expected."),
        ("[order] * 4", (23, 7), "full-data-in-batch-loop", "Batch 0 has 23 samples"),
        ("order.argsort().split(size)", (23, 7), "inverse-order", "Batch 0 holds sample"),
        (
            "[b.sort().values for b in order.split(size)]",
            (23, 7),
            None,
            "Batch 0 holds the right samples in another order.",
        ),
        ("[b.int() for b in order.split(size)]", (23, 7), None, "The batches have dtype int32"),
    ],
)
def test_batches_that_are_wrong(result, shape, mistake, words):
    """The mistake that makes exactly these batches is named, and the first difference said."""
    first, *more = batches(result, *shape)
    found, aspect, sentence = first
    assert (found, aspect) == (mistake, "batches")
    assert {one[1:] for one in more} <= {first[1:]}  # another slip that makes the same batches
    assert words in sentence


# -- make_loader -------------------------------------------------------------------------------------------------


def loader(result, head=""):
    """Judge a make_loader with this result."""
    n = 7
    x = (np.arange(n)[:, None] - 3) / 4
    data = {"x": x, "y": 2 * x + 1}
    case = Case("loader", "", {"dataset": data, "batch_size": 3, "order": [4, 0, 6, 2, 5, 1, 3]})
    return judged(loader_visits, case, f"{head}\ndef f(dataset, batch_size, order):\n    return {result}\n", "loader")


PASS = """class Once:
    def __init__(self, loader): self.batches = iter(loader)
    def __iter__(self): return self.batches
class Alternating:
    def __init__(self, batches): self.batches = batches
    def __iter__(self):
        self.batches = self.batches[::-1]
        return iter(self.batches[::-1])
"""


@pytest.mark.parametrize(
    "result",
    [
        "DataLoader(dataset, batch_size=batch_size, sampler=order)",
        "DataLoader(dataset, batch_sampler=[order[k:k + 3] for k in range(0, 7, 3)])",
        "DataLoader(torch.utils.data.Subset(dataset, order), batch_size=batch_size)",
        "[dataset[torch.tensor(order[k:k + 3])] for k in range(0, 7, 3)]",
        "DataLoader(dataset, batch_size=batch_size, sampler=order, collate_fn=lambda rows: tuple(map(torch.stack, zip(*rows))))",
    ],
)
def test_right_loaders(result):
    """Sampler, batch sampler, subset, or a list of batches: only the visits count."""
    assert loader(result) == []


@pytest.mark.parametrize(
    ("result", "mistake", "aspect", "words"),
    [
        (
            "DataLoader(dataset, batch_size=batch_size)",
            "order-ignored",
            "order",
            "Batch 0 holds sample 0 where 4 is expected.",
        ),
        (
            "DataLoader(dataset, batch_size=batch_size, sampler=order, drop_last=True)",
            "last-partial-batch-dropped",
            "order",
            "2 batches",
        ),
        ("DataLoader(dataset, batch_size=batch_size, sampler=order[::-1])", None, "order", "Batch 0 holds sample 3"),
        (
            "DataLoader(TensorDataset(dataset.tensors[0], dataset.tensors[1][order]), batch_size=3, sampler=order)",
            None,
            "order",
            "Row 0 of batch 0 is no sample of the dataset",
        ),
        (
            "DataLoader(TensorDataset(dataset.tensors[0], dataset.tensors[1].squeeze()), batch_size=3, sampler=order)",
            None,
            "order",
            "Batch 0 has shapes (3, 1) and (3,)",
        ),
        (
            "[(dataset.tensors[0][order[k:k + 3]], dataset.tensors[1]) for k in range(0, 7, 3)]",
            None,
            "order",
            "Batch 0 has shapes (3, 1) and (7, 1); rows of shape (1,) and (1,) are expected.",
        ),
        ("[(torch.tensor(1.0), torch.tensor(2.0))]", None, "order", "Batch 0 has shapes () and ()"),
        ("[(torch.zeros(0, 2), torch.zeros(0, 1))]", None, "order", "Batch 0 has shapes (0, 2) and (0, 1)"),
        ("[(torch.zeros(0, 1), torch.zeros(0, 1))]", None, "order", "There is 1 batch; 3 are expected."),
        ("[(torch.zeros(3, 0), torch.zeros(3, 1))] * 3", None, "order", "Batch 0 has shapes (3, 0) and (3, 1)"),
        (
            "Once(DataLoader(dataset, batch_size=3, sampler=order))",
            "state-left-between-calls",
            "passes",
            "second pass over the loader is empty",
        ),
        (
            "Alternating(list(DataLoader(dataset, batch_size=3, sampler=order)))",
            None,
            "passes",
            "The second pass visits the samples in another order.",
        ),
    ],
)
def test_loaders_that_are_wrong(result, mistake, aspect, words):
    """The first visit that is wrong is named, and a second pass that differs."""
    found = loader(result, PASS)
    assert found[0][:2] == (mistake, aspect)
    assert words in found[0][2]


@pytest.mark.parametrize(
    ("batches", "pair"),
    [
        ("[order[k:k + 3] for k in (0, 3)][::-1]", "last-partial-batch-dropped+batches-reversed"),
        ("[range(0, 3), range(3, 6)]", "order-ignored+last-partial-batch-dropped"),
        ("[inverse[:1], inverse[1:4], inverse[4:]]", "inverse-order+partial-batch-first"),
    ],
)
def test_two_mistakes_in_the_visits_are_named_together(batches, pair):
    """One mistake in the cut and one in the order, or two in the cut, are listed as a pair and as none alone."""
    head = "inverse = [1, 5, 3, 6, 0, 4, 2]"
    named = {one for one, _, _ in loader(f"DataLoader(dataset, batch_sampler={batches})", head)}
    assert pair in named
    assert all("+" in one for one in named)


@pytest.mark.parametrize(("cut", "more"), [("[0, 3, 6]", ""), ("[0, 3]", "+last-partial-batch-dropped")])
def test_targets_in_their_stored_order_are_named(cut, more):
    """x in the given order beside y as stored is no sample of the data, and still is a known mistake."""
    batches = f"[(dataset.tensors[0][order[k:k + 3]], dataset.tensors[1][k:k + 3]) for k in {cut}]"
    named = [one for one, _, _ in loader(batches)]
    assert f"only-x-shuffled{more}" in named
    assert ("only-x-shuffled" in named) == (not more)


# -- LineDataset -------------------------------------------------------------------------------------------------

BASE = """class L(Dataset):
    def __init__(self, x, y): self.x, self.y = x, y
    def __len__(self): return len(self.x)
    def __getitem__(self, i): return self.x[i], self.y[i]
"""


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        (BASE, []),
        ("class L(TensorDataset):\n    pass\n", []),
        (BASE.replace("return self.x[i], self.y[i]", "return [self.x[i], self.y[i]]"), []),
        (BASE.replace("= x, y", "= x, 2 * x + 1"), [(None, "items", "The y of item 0 is not the given y[0].")]),
        (
            BASE.replace("= x, y", "= x, y * float('nan')"),
            [(None, "items", "The y of item 0 is not the given y[0].")],
        ),
        (
            BASE.replace("= x, y", "= x, y.where(x < 2, float('nan'))"),
            [(None, "items", "The y of item 3 is not the given y[3].")],
        ),
        (BASE.replace("return len(self.x)", "return 2"), [(None, "length", "len() is 2 for 4 samples.")]),
        (
            BASE.replace("= x, y", "= x.flatten(), y"),
            [("wrong-shape", "items", "The x of an item has shape (); (1,) is expected.")],
        ),
        (
            BASE.replace("return self.x[i]", "return torch.cat([self.x[i], self.x[i]])"),
            [(None, "items", "The x of an item has shape (2,); (1,) is expected.")],
        ),
        (
            BASE.replace("self.x[i], self.y[i]", "self.x[1], self.y[i]"),
            [("ignores-an-argument", "items", "The x of item 0 is not the given x[0].")],
        ),
        (
            BASE.replace("self.x[i], self.y[i]", "self.x.mean(0), self.y[i]"),
            [(None, "items", "The x of item 0 is not the given x[0].")],
        ),
        (
            BASE.replace("= x, y", "= iter(x), y").replace("len(self.x)", "4").replace("self.x[i]", "next(self.x)"),
            [(None, "items", "The x of item 0 is not the given x[0].")],
        ),
        (
            BASE.replace("self.x[i], self.y[i]", "self.y[i], self.x[i]"),
            [
                (None, "items", "The x of item 0 is not the given x[0]."),
                (None, "items", "The y of item 0 is not the given y[0]."),
            ],
        ),
    ],
)
def test_a_dataset_holds_what_it_is_given(code, faults):
    """As many items as samples, each the given x and y (the noise included)."""
    x = np.array([[0.5], [1.0], [-2.0], [3.0]])
    case = Case("data", "", {"x": x, "y": 2 * x + 1 + np.array([[0.25], [-0.5], [0.125], [0.0]])})
    assert judged(dataset_items, case, code, "dataset", "L") == faults
