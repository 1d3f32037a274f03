"""The catalogue of known mistakes: the machine is right, its mistakes are what programs do, all can be told apart."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
import torch

import solutions.mistakes as catalogue
from graders import cards, keys
from graders.cards.mistakes import IDS, TEXTS
from solutions.mistakes.loops import batch_case, visiting_case
from solutions.mistakes.slips import signature

TOPICS = {"forward", "loss", "gradient", "update", "recording", "batches", "contract", "tensors"}
SLUGS = {
    "train_batch": "ps3_batch_descent",
    "train_sgd": "ps4_stochastic_descent",
    "train_minibatch": "ps5_minibatch_descent",
}
RATES = {"train_batch": 0.125, "train_sgd": 0.0625, "train_minibatch": 0.125}
CASES = {
    "train_batch": [batch_case(23, 6), batch_case(7, 0), batch_case(1, 3)],
    "train_sgd": [visiting_case(23, 3, lr=0.0625), visiting_case(9, 2, lr=0.5)],
    "train_minibatch": [
        visiting_case(23, 6, 7),
        visiting_case(22, 6, 7),
        visiting_case(23, 2, 30),
        visiting_case(11, 3, 1, lr=0.0625),
    ],
}
EXERCISES = [
    (slug, exercise.name)
    for slug in cards.SLUGS
    for exercise in cards.load(slug).exercises
    if catalogue.subject(slug, exercise.name) is not None
]


def mse(p, y):
    return torch.nn.functional.mse_loss(p, y)


class Program:
    """An ordinary autograd training program with ``torch.optim``; a mistake is one method written wrongly."""

    def batches(self, order, size):
        return list(order.split(size))

    def orders(self, orders):
        return orders

    def forward(self, x, w, b):
        return w * x + b

    def criterion(self, p, y):
        return mse(p, y)

    def optimizer(self, w, b, lr):
        return torch.optim.SGD([w, b], lr=lr)

    def clear(self, optimizer, w, b):
        optimizer.zero_grad()

    def begin_epoch(self, optimizer):
        pass

    def targets(self, y, rows, k, size):
        return y[rows]

    def epoch_loss(self, losses, sizes):
        return sum(m * v for m, v in zip(sizes, losses, strict=True)) / sum(sizes)

    def rearranged(self, ws, bs, loss):
        return ws, bs, loss

    def train(self, case):
        a = case.arguments
        x, y = (torch.tensor(a[name], dtype=torch.float64) for name in ("x", "y"))
        w, b = (torch.tensor(float(a[name]), dtype=torch.float64, requires_grad=True) for name in ("w0", "b0"))
        n = len(x)
        orders = [torch.arange(n)] * a["epochs"] if "epochs" in a else [torch.tensor(o) for o in a["orders"]]
        size = a.get("batch_size", n if "epochs" in a else 1)
        on_all = "batch_size" not in a
        optimizer = self.optimizer(w, b, a["lr"])
        ws, bs, loss = [w.item()], [b.item()], []
        for order in self.orders(orders):
            self.begin_epoch(optimizer)
            losses, sizes = [], []
            if on_all:
                loss.append(self.criterion(self.forward(x, w, b), y).item())
            for k, rows in enumerate(self.batches(order, size)):
                value = self.criterion(self.forward(x[rows], w, b), self.targets(y, rows, k, size))
                self.clear(optimizer, w, b)
                value.backward()
                optimizer.step()
                losses.append(value.item())
                sizes.append(len(rows))
                ws.append(w.item())
                bs.append(b.item())
            if not on_all:
                loss.append(self.epoch_loss(losses, sizes))
        ws, bs, loss = self.rearranged(ws, bs, loss)
        return {"w": np.array(ws), "b": np.array(bs), "loss": np.array(loss)}


class NotZeroed(Program):
    def clear(self, optimizer, w, b):
        pass


class ZeroedPerEpoch(NotZeroed):
    def begin_epoch(self, optimizer):
        optimizer.zero_grad()


class OnlyWeightZeroed(Program):
    def clear(self, optimizer, w, b):
        w.grad = None


class Momentum(Program):
    def optimizer(self, w, b, lr):
        return torch.optim.SGD([w, b], lr=lr, momentum=0.9)


class Nesterov(Program):
    def optimizer(self, w, b, lr):
        return torch.optim.SGD([w, b], lr=lr, momentum=0.9, nesterov=True)


class Decay(Program):
    def optimizer(self, w, b, lr):
        return torch.optim.SGD([w, b], lr=lr, weight_decay=0.01)


class Adam(Program):
    def optimizer(self, w, b, lr):
        return torch.optim.Adam([w, b], lr=lr)


class AdamW(Program):
    def optimizer(self, w, b, lr):
        return torch.optim.AdamW([w, b], lr=lr)


class Ascent(Program):
    def optimizer(self, w, b, lr):
        return torch.optim.SGD([w, b], lr=lr, maximize=True)


class Clipped(Program):
    def optimizer(self, w, b, lr):
        optimizer = torch.optim.SGD([w, b], lr=lr)
        optimizer.register_step_pre_hook(lambda *_: torch.nn.utils.clip_grad_norm_([w, b], 1.0) and None)
        return optimizer


class SumLoss(Program):
    def criterion(self, p, y):
        return ((p - y) ** 2).sum()


class RootLoss(Program):
    def criterion(self, p, y):
        return mse(p, y).sqrt()


class AbsoluteLoss(Program):
    def criterion(self, p, y):
        return (p - y).abs().mean()


class Broadcast(Program):
    def criterion(self, p, y):
        return ((p - y.reshape(-1)) ** 2).mean()


class Bessel(Program):
    def criterion(self, p, y):
        return ((p - y) ** 2).sum() / (len(y) - 1)


class Subtracted(Program):
    def forward(self, x, w, b):
        return w * x - b


class Swapped(Program):
    def forward(self, x, w, b):
        return b * x + w


class Detached(Program):
    def forward(self, x, w, b):
        return w.detach() * x + b

    def optimizer(self, w, b, lr):
        w.grad = torch.zeros_like(w)
        return torch.optim.SGD([w, b], lr=lr)


class PartialDropped(Program):
    def batches(self, order, size):
        return [order[k * size : (k + 1) * size] for k in range(len(order) // size)]


class Chunked(Program):
    def batches(self, order, size):
        return list(torch.chunk(order, -(-len(order) // size)))


class OnlyX(Program):
    def targets(self, y, rows, k, size):
        return y[k * size : (k + 1) * size]


class InverseOrder(Program):
    def orders(self, orders):
        return [torch.argsort(order) for order in orders]


class Composed(Program):
    def orders(self, orders):
        found, rows = [], torch.arange(len(orders[0]))
        for order in orders:
            rows = rows[order]
            found.append(rows)
        return found


class BatchMeans(Program):
    def epoch_loss(self, losses, sizes):
        return sum(losses) / len(losses)


class OverSamples(Program):
    def epoch_loss(self, losses, sizes):
        return sum(losses) / sum(sizes)


class StartMissing(Program):
    def rearranged(self, ws, bs, loss):
        return ws[1:], bs[1:], loss


class Running(Program):
    def rearranged(self, ws, bs, loss):
        return ws, bs, list(np.cumsum(loss))


class PartialAndSum(PartialDropped, SumLoss):
    pass


class NotZeroedAndMissing(NotZeroed, StartMissing):
    pass


LOOPS = tuple(CASES)
WRITTEN = [
    ("gradients-not-zeroed", NotZeroed, LOOPS),
    ("zeroed-once-per-epoch", ZeroedPerEpoch, LOOPS[1:]),
    ("only-weight-gradient-zeroed", OnlyWeightZeroed, LOOPS),
    ("momentum-left-on", Momentum, LOOPS),
    ("momentum-left-on", Nesterov, LOOPS),
    ("weight-decay-left-on", Decay, LOOPS),
    ("adam-instead-of-sgd", Adam, LOOPS),
    ("adam-instead-of-sgd", AdamW, LOOPS),
    ("ascent", Ascent, LOOPS),
    ("gradient-clipped", Clipped, LOOPS),
    ("sum-instead-of-mean", SumLoss, LOOPS),
    ("root-mean-square", RootLoss, LOOPS),
    ("absolute-error", AbsoluteLoss, LOOPS),
    ("broadcast-to-matrix", Broadcast, LOOPS),
    ("divided-by-n-minus-1", Bessel, LOOPS[:1]),
    ("bias-subtracted", Subtracted, LOOPS),
    ("swapped-weight-and-bias", Swapped, LOOPS),
    ("weight-detached", Detached, LOOPS),
    ("weight-not-updated", Detached, LOOPS),
    ("last-partial-batch-dropped", PartialDropped, LOOPS[2:]),
    ("equal-chunks", Chunked, LOOPS[2:]),
    ("only-x-shuffled", OnlyX, LOOPS[1:]),
    ("inverse-order", InverseOrder, LOOPS[1:]),
    ("orders-composed", Composed, LOOPS[1:]),
    ("mean-of-batch-means", BatchMeans, LOOPS[2:]),
    ("batch-means-over-samples", OverSamples, LOOPS[2:]),
    ("initial-parameters-missing", StartMissing, LOOPS),
    ("running-loss-not-reset", Running, LOOPS),
]


def close(mine, theirs, tolerance=1e-12):
    """Whether two histories agree, relative to the running maximum."""
    for name, expected in theirs.items():
        if mine[name].shape != expected.shape:
            return False
        with np.errstate(all="ignore"):
            scale = np.maximum.accumulate(np.abs(expected)) if expected.size else expected
            if not np.all(np.abs(mine[name] - expected) <= tolerance * np.where(scale > 0, scale, 1.0)):
                return False
    return True


def alike(mine, theirs):
    """Whether two values of a case are the same: numbers to 1e-11 of the largest, the rest exactly."""
    if isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(np.array_equal, mine, theirs))
    if isinstance(theirs, str | bool):
        return mine == theirs
    mine, theirs = np.asarray(mine, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    finite = theirs[np.isfinite(theirs)]
    scale = np.abs(finite).max() if finite.size else 1.0
    return mine.shape == theirs.shape and np.allclose(mine, theirs, rtol=0, atol=1e-11 * max(scale, 1e-300))


def reproduced(mistakes, name, program, cases):
    """Whether one of the mistakes of that id has the program's numbers on all cases."""
    theirs = [program.train(case) for case in cases]
    return any(
        all(close(mistake.numbers(case), answer) for case, answer in zip(cases, theirs, strict=True))
        for mistake in mistakes
        if mistake.id == name
    )


@pytest.mark.parametrize("exercise", LOOPS)
def test_the_machine_is_right(exercise):
    """Without a change, every machine of a loop is what autograd and torch.optim.SGD compute."""
    subject = catalogue.subject(SLUGS[exercise], exercise)
    for case in CASES[exercise]:
        for machine in subject.machines:
            assert close(subject.answer(machine, case), Program().train(case))


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES)
def test_the_catalogue_agrees_with_the_solution(slug, exercise):
    """Every machine without a change answers the public and hidden cases as the course's solution does."""
    subject, card = catalogue.subject(slug, exercise), cards.load(slug).exercise(exercise)
    if not card.quantities:
        pytest.skip("judged by properties, not by numbers")
    for case in [*card.public(), *card.hidden(random.Random(3))]:
        expected = keys.expected_answer(slug, card, case)
        for machine in subject.machines:
            answer = subject.answer(machine, case)
            assert set(answer) == set(expected)
            for quantity in card.quantities:
                named = [name for name in answer if name.partition("@")[0] == quantity.name]
                for name in named:
                    assert alike(answer[name], expected[name]), (case.name, name)


@pytest.mark.parametrize(("name", "program", "exercises"), WRITTEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_mistake_is_what_a_program_does(name, program, exercises):
    """A program with the mistake, written independently in torch, has the catalogue's numbers."""
    for exercise in exercises:
        cases = CASES[exercise] if name != "last-partial-batch-dropped" else CASES[exercise][:2]
        cases = cases[:1] if name == "divided-by-n-minus-1" else cases
        assert reproduced(catalogue.catalogue(SLUGS[exercise], exercise), name, program(), cases), exercise


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("sum-instead-of-mean+last-partial-batch-dropped", PartialAndSum),
        ("gradients-not-zeroed+initial-parameters-missing", NotZeroedAndMissing),
    ],
)
def test_a_pair_is_what_a_program_does(name, program):
    """A program with two mistakes has the numbers of the pair, and of no single mistake."""
    cases = CASES["train_minibatch"][:2]
    slug = SLUGS["train_minibatch"]
    assert reproduced(catalogue.pairs(slug, "train_minibatch"), name, program(), cases)
    theirs = [program().train(case) for case in cases]
    for mistake in catalogue.catalogue(slug, "train_minibatch"):
        assert not all(close(mistake.numbers(c), t, 1e-9) for c, t in zip(cases, theirs, strict=True))


def test_a_mutable_history_is_what_a_program_does():
    """A list that holds the parameter itself repeats its last value."""
    case = CASES["train_batch"][0]
    right = Program().train(case)
    program = {name: np.full_like(right[name], right[name][-1]) for name in ("w", "b")} | {"loss": right["loss"]}
    found = [m for m in catalogue.catalogue(SLUGS["train_batch"], "train_batch") if m.id == "history-aliases-last"]
    assert any(close(mistake.numbers(case), program) for mistake in found)


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES)
def test_no_mistake_looks_like_another(slug, exercise):
    """On the public cases no two ids have the same numbers, except listed ties; none looks right."""
    subject = catalogue.subject(slug, exercise)
    cases = [*cards.load(slug).exercise(exercise).public(), *subject.samples]
    right = signature(subject.answer(subject.machines[0], case) for case in cases)
    seen = {right: {"the reference"}}
    for mistake in catalogue.catalogue(slug, exercise):
        ids = seen.setdefault(signature(mistake.numbers(case) for case in cases), set())
        ids.add(mistake.id)
        assert len(ids) == 1 or any(ids <= set(tie) for tie in subject.ties), ids


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES)
def test_every_id_is_known_and_in_order(slug, exercise):
    """Every id has its text, and the ids of a pair stand in the course's order."""
    for mistake in catalogue.catalogue(slug, exercise):
        assert mistake.id in TEXTS
    for pair in catalogue.pairs(slug, exercise):
        first, second = pair.id.split("+")
        assert IDS.index(first) < IDS.index(second), pair.id


@pytest.mark.parametrize(("slug", "exercise"), EXERCISES)
def test_no_case_makes_a_mistake_raise(slug, exercise):
    """Mistakes answer every public and hidden case, trivial and diverging ones too, without a word."""
    card_exercise = cards.load(slug).exercise(exercise)
    cases = [*card_exercise.public(), *card_exercise.hidden(random.Random(5))]
    pairs = catalogue.pairs(slug, exercise)
    for mistake in (*catalogue.catalogue(slug, exercise), *pairs[:: max(1, len(pairs) // 60)]):
        for case in cases:
            assert mistake.numbers(case)


def test_ties_and_aliases_name_known_ids():
    """What is reported together, or in the place of another, has its text."""
    for others in catalogue.TIES.values():
        for one, rest in others.items():
            assert {part for named in (one, *rest) for part in named.split("+")} <= set(IDS)
    for aliases in catalogue.ALIASES.values():
        assert set(aliases) | set(aliases.values()) <= set(IDS)


@pytest.mark.parametrize("name", IDS)
def test_every_text_is_plain(name):
    """Fact and hint are sentences without code, and the topic is one the cards know."""
    text = TEXTS[name]
    assert text.topic in TOPICS
    for sentence in (text.fact, text.hint):
        assert sentence[0].isupper()
        assert sentence[-1] in ".?"
        assert not re.search(r"=|`|\(\)|\b\d|simply|just ", sentence)
    assert text.fact.count(". ") == 0


def test_every_numeric_id_can_be_made_somewhere():
    """Every id is in some catalogue, except those recognised from the form or from an exception."""
    made = {mistake.id for slug, exercise in EXERCISES for mistake in catalogue.catalogue(slug, exercise)}
    form = {"arguments-modified", "float32-inside", "returns-none", "wrong-shape", "type-hints-missing"}
    raised = set(IDS[IDS.index("rebinding-loses-grad") : IDS.index("device-mismatch") + 1])
    assert set(IDS) - made <= form | raised


def test_one_order_is_one_slip_on_both_sides():
    """What the judge reads as one slip or two is what the catalogue declares to be inseparable."""
    from graders.engine.naming import ONE_SLIP
    from solutions.mistakes.ties import ONE_ORDER

    assert {part for one in ONE_ORDER for part in one.split("+")} == ONE_SLIP
