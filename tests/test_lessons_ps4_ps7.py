"""The lessons ps4 to ps7: their form, their solutions against independent oracles, and the cases of their cards."""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import io
import json
import math
import random
from importlib import import_module

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from graders import cards
from graders.cards import ps4_stochastic_descent as card4
from graders.cards import ps5_minibatch_descent as card5
from graders.engine.judge import judge_exercise
from graders.engine.key import CaseKey, Key
from graders.frontends.build import release_text, source_notebook
from graders.history import History
from graders.keys import expected_answer, reference
from tests.support.answers import asking

# Points as in the course's list; the written answers come last.
POINTS = {
    "ps4_stochastic_descent": {
        "make_orders": 2,
        "train_sgd": 5,
        "largest_stable_lr": 2,
        "why_sgd_explodes": 1,
    },
    "ps5_minibatch_descent": {"split_batches": 2, "train_minibatch": 6, "accumulated_gradients": 2},
    "ps6_dataloader_and_optim": {
        "LineDataset": 2,
        "make_loader": 2,
        "train_with_optimizer": 3,
        "train_with_accumulation": 1,
    },
    "ps7_experiments": {
        "batch_size_sweep": 2,
        "learning_rate_sweep": 1,
        "loss_grid": 2,
        "plot_paths": 1,
        "plot_comparison": 1,
        "batch_against_minibatch": 1,
    },
}
SLUGS = tuple(POINTS)
WRITTEN = {"ps4_stochastic_descent": "why_sgd_explodes", "ps7_experiments": "batch_against_minibatch"}
EXERCISES = [(slug, name) for slug in SLUGS for name in cards.EXERCISES[slug]]
ORDER = ("In plain words", "The mathematics", "From formula to code", "A worked demonstration")
LAST = "Summary and key takeaways"
BOXES = {
    "ps4_stochastic_descent": "float32 must have failed",
    "ps5_minibatch_descent": "the last batch is smaller",
    "ps6_dataloader_and_optim": "it has meant four",
    "ps7_experiments": "falls fastest",
}


def solution(slug):
    """Import a lesson as the module it also is."""
    return import_module(f"solutions.{slug}")


@pytest.fixture(scope="module")
def stubs():
    """The stub notebooks, made by nbgrader."""
    return {slug: json.loads(release_text(slug, source_notebook(slug))) for slug in SLUGS}


def source(cell):
    return "".join(cell["source"])


def prose(notebook):
    return "\n".join(source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def headings(notebook):
    return [line.lstrip("# ") for line in prose(notebook).splitlines() if line.startswith("#")]


def graded(notebook):
    """The cells that carry points, by grade_id."""
    marks = [(cell, cell["metadata"].get("nbgrader", {})) for cell in notebook["cells"]]
    return {mark["grade_id"]: (cell, mark) for cell, mark in marks if mark.get("grade")}


# --- form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_sections_stand_in_order(stubs, slug):
    """Introduction, plain words, mathematics, explanation, demonstration, one heading per exercise, takeaways."""
    exercises = [f"Exercise {k} · {name}" for k, name in enumerate(cards.EXERCISES[slug], start=1)]
    if slug in WRITTEN:
        exercises.append(f"Exercise {len(exercises) + 1} · Written answer")
    found = headings(stubs[slug])
    assert found[0].startswith(f"{slug[2]} · ")
    assert [heading for heading in found if heading in {*ORDER, *exercises, LAST}] == [*ORDER, *exercises, LAST]


@pytest.mark.parametrize("slug", SLUGS)
def test_each_lesson_has_its_box_its_formulas_and_plain_words(stubs, slug):
    """One box on its seed of misunderstanding, displayed formulas, and a plain explanation without code."""
    text = prose(stubs[slug])
    boxes = [line for line in text.splitlines() if "A common misunderstanding" in line]
    assert len(boxes) == 1
    assert boxes[0].startswith("> **")
    box = " ".join(line.removeprefix("> ") for line in text.splitlines() if line.startswith(">"))
    assert BOXES[slug] in box
    assert len(box) < 2000
    cells = {source(cell).splitlines()[0]: source(cell) for cell in stubs[slug]["cells"] if cell["source"]}
    assert "`" not in cells["## In plain words"]
    assert cells["## The mathematics"].count("$$") >= 4


@pytest.mark.parametrize("slug", SLUGS)
def test_every_topic_of_the_card_is_a_heading(stubs, slug):
    """What a report tells a student to read again stands in the notebook, for every topic there is."""
    topics = cards.load(slug).topics
    assert set(topics) == {"forward", "loss", "gradient", "update", "recording", "batches", "contract", "tensors"}
    assert set(topics.values()) <= set(headings(stubs[slug]))


@pytest.mark.parametrize("slug", SLUGS)
def test_points_are_the_course_s(stubs, slug):
    """The cells that carry points are the exercises and written answers of the course, with its points."""
    card = cards.load(slug)
    found = {name.removeprefix("check_"): mark["points"] for name, (_, mark) in graded(stubs[slug]).items()}
    assert found == POINTS[slug]
    listed = {one.name: one.points for one in (*card.exercises, *card.written)}
    assert listed == POINTS[slug]


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_check_cell_follows_its_exercise(stubs, slug, name):
    """The check stands right after its exercise and is locked."""
    cells = stubs[slug]["cells"]
    at = next(k for k, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)
    assert source(cells[at + 1]) == f"check({name})"
    assert cells[at + 1]["metadata"]["nbgrader"]["locked"] is True


@pytest.mark.parametrize(("slug", "name"), WRITTEN.items())
def test_written_answers_are_graded_by_hand(stubs, slug, name):
    """A markdown cell that is both solution and graded; the model answer stays with the teacher."""
    cell, mark = graded(stubs[slug])[name]
    model = source(graded(source_notebook(slug))[name][0])
    assert cell["cell_type"] == "markdown"
    assert (mark["solution"], mark["locked"]) == (True, False)
    assert len(model) > 600
    assert not any(line in prose(stubs[slug]) for line in model.splitlines() if line)


@pytest.mark.parametrize("slug", SLUGS)
def test_stub_holds_no_line_of_the_solution(stubs, slug):
    """Nothing between the solution marks, and no mark, reaches a student."""
    text = "\n".join(source(cell) for cell in stubs[slug]["cells"] if cell["cell_type"] == "code")
    assert "SOLUTION" not in text
    kept = {line.strip() for line in text.splitlines()}
    for cell in source_notebook(slug)["cells"]:
        for part in source(cell).split("### BEGIN SOLUTION")[1:]:
            lines = {line.strip() for line in part.split("### END SOLUTION")[0].splitlines()}
            assert not {line for line in lines & kept if len(line) > 20}


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_signature_is_the_card_s(slug, name):
    """Names and annotations of the stub are those the card judges; methods of a class as well."""
    tree = ast.parse(inspect.getsource(getattr(solution(slug), name))).body[0]
    wanted = ast.parse(f"{cards.load(slug).exercise(name).signature.rstrip(' .:')}: ...").body[0]

    def shapes(node):
        functions = [one for one in ast.walk(node) if isinstance(one, ast.FunctionDef)]
        return [(one.name, ast.dump(one.args), ast.dump(one.returns)) for one in functions]

    assert shapes(tree) == shapes(wanted)


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_docstrings_carry_the_contract(slug, name):
    """A docstring names the formula, every parameter, the result, and that arguments are left alone."""
    written = getattr(solution(slug), name)
    text = inspect.getdoc(written)
    if inspect.isclass(written):
        text = "\n".join([text, *(inspect.getdoc(getattr(written, m)) for m in ("__init__", "__len__", "__getitem__"))])
    assert "Formula" in text
    assert "left as" in text or "trained in place" in text
    words = text.replace(",", " ").replace(":", " ").replace("`", " ").split()
    assert set(inspect.signature(written).parameters) <= set(words)
    assert "Return" in text


@pytest.mark.parametrize("slug", SLUGS)
def test_every_cell_runs_before_anything_is_solved(stubs, slug, monkeypatch):
    """Demonstrations draw, experiments ask for the exercise; no cell but a check needs a solution."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("agg")
    real = builtins.__import__

    def no_solutions(name, *rest):
        assert name.partition(".")[0] != "solutions"
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_solutions)
    names = {"__name__": "lesson", "display": print}
    figures = 0
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in stubs[slug]["cells"]:
            if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade"):
                exec(compile(source(cell), "<cell>", "exec"), names)
                figures += len(plt.get_fignums())
                plt.close("all")
    assert figures >= 1
    assert "then run this cell again" in printed.getvalue()
    for name in cards.EXERCISES[slug]:
        with pytest.raises(NotImplementedError):
            names[name](*[None] * len(inspect.signature(names[name]).parameters))


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_notebook_runs_top_to_bottom_with_the_reference(slug, monkeypatch):
    """Every cell but the checks, solutions inside: the experiments of ps7 included."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("agg")
    names = {"__name__": "lesson", "display": lambda *shown: plt.close("all") or shown}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in source_notebook(slug)["cells"]:
            if cell["cell_type"] == "code" and not source(cell).startswith("check("):
                exec(compile(source(cell), "<cell>", "exec"), names)
                plt.close("all")
    assert "run this cell again" not in printed.getvalue()


# --- the solutions against oracles that share no line with them ---------------------------------------------------


def data(n=23, dtype=torch.float64):
    """The course's separating set."""
    i = torch.arange(n)
    x = ((7 * i % 23) - 5).to(dtype).reshape(-1, 1) / 8
    y = 1.75 * x - 0.625 + ((5 * i % 7) - 3).to(dtype).reshape(-1, 1) / 16
    return x, y, torch.tensor(0.25, dtype=dtype), torch.tensor(-0.875, dtype=dtype)


def orders(n, epochs, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randperm(n, generator=generator) for _ in range(epochs)]


def torch_run(x, y, w0, b0, lr, visits, size):
    """The same run by torch.optim.SGD; every batch loss, and the loss on all data before every epoch."""
    w, b = w0.clone().requires_grad_(), b0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=lr)
    path, batch_losses, starts = [(w.item(), b.item())], [], []
    for visit in visits:
        starts.append(nn.functional.mse_loss(w * x + b, y).item())
        for batch in visit.split(size):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(w * x[batch] + b, y[batch])
            loss.backward()
            optimizer.step()
            batch_losses.append((len(batch), loss.item()))
            path.append((w.item(), b.item()))
    ws, bs = map(list, zip(*path, strict=True))
    return ws, bs, starts, batch_losses


def close(left, right, rel=1e-11):
    return left == pytest.approx(right, rel=rel, abs=1e-12)


@pytest.mark.parametrize(("n", "epochs", "lr"), [(23, 3, 0.0625), (1, 3, 0.0625), (5, 0, 0.1), (8, 3, 0.75)])
def test_train_sgd_is_torch_sgd_on_single_samples(n, epochs, lr):
    """Path and losses agree on a stable, a one-sample, an empty and a diverging run; the start is left alone."""
    x, y, w0, b0 = data(n)
    visits = orders(n, epochs)
    ours = solution("ps4_stochastic_descent").train_sgd(x, y, w0, b0, lr, visits)
    ws, bs, starts, _ = torch_run(x, y, w0, b0, lr, visits, 1)
    assert close(ours.w, ws)
    assert close(ours.b, bs)
    assert close(ours.loss, starts)
    assert all(type(number) is float for part in ours for number in part)
    assert (w0.item(), b0.item()) == (0.25, -0.875)


def test_make_orders_are_fresh_reproducible_permutations():
    """Permutations from the given generator alone; the global random state stays."""
    make_orders = solution("ps4_stochastic_descent").make_orders
    before = torch.get_rng_state()
    generator = torch.Generator().manual_seed(3)
    first, again = make_orders(23, 4, generator), make_orders(23, 4, torch.Generator().manual_seed(3))
    assert torch.equal(torch.stack(first), torch.stack(again))
    assert not torch.equal(torch.stack(first), torch.stack(make_orders(23, 4, generator)))
    assert all(order.dtype == torch.int64 and order.sort().values.tolist() == list(range(23)) for order in first)
    assert len({tuple(order.tolist()) for order in first}) == 4
    assert torch.equal(before, torch.get_rng_state())


def test_largest_stable_lr_is_the_edge():
    """The Hessian of autograd gives the same bound; just below it batch descent shrinks, just above it grows."""
    x, y, w0, b0 = data()
    limit = solution("ps4_stochastic_descent").largest_stable_lr(x)

    def loss(theta):
        return nn.functional.mse_loss(theta[0] * x + theta[1], y)

    hessian = torch.autograd.functional.hessian(loss, torch.stack([w0, b0]))
    assert limit == pytest.approx(2 / torch.linalg.eigvalsh(hessian).max().item(), rel=1e-12)
    below, above = (torch_run(x, y, w0, b0, share * limit, orders(23, 300), 23)[2] for share in (0.97, 1.03))
    assert below[-1] < below[0] < above[-1]
    assert type(limit) is float


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_tutorial_s_sgd_explodes_in_both_precisions(dtype):
    """At lr=0.1 in order the loss passes 1e13 although batch descent is stable; the written answer's numbers hold."""
    module = solution("ps4_stochastic_descent")
    i = torch.arange(100, dtype=dtype).reshape(-1, 1)
    x = -5 + i / 10
    y = -5 * x - 0.0599082808 + 0.0092535211 * x + 0.3771828231 * (-1) ** i
    w0, b0 = torch.tensor(-10.0, dtype=dtype), torch.tensor(-20.0, dtype=dtype)
    run = module.train_sgd(x, y, w0, b0, 0.1, [torch.arange(100)] * 5)
    assert all(1e13 < loss < 1e17 for loss in run.loss[1:])
    assert max(map(abs, run.w)) > 1e14
    assert module.largest_stable_lr(x) == pytest.approx(0.12, abs=5e-4)
    assert module.largest_stable_lr(x[:1]) == pytest.approx(1 / 26, rel=1e-5)
    factors = (1 - 0.2 * (x**2 + 1)).abs().flatten()
    assert factors[80:].prod().item() == pytest.approx(7e6, rel=0.05)


@pytest.mark.parametrize(
    ("n", "size", "epochs"), [(23, 7, 6), (22, 7, 6), (21, 7, 4), (23, 30, 4), (1, 3, 2), (5, 2, 0)]
)
def test_train_minibatch_is_torch_sgd_on_batches(n, size, epochs):
    """Path agrees with torch.optim.SGD; the loss of an epoch is the weighted mean of its batch losses."""
    x, y, w0, b0 = data(n)
    visits = orders(n, epochs)
    ours = solution("ps5_minibatch_descent").train_minibatch(x, y, w0, b0, 0.125, visits, size)
    ws, bs, _, batches = torch_run(x, y, w0, b0, 0.125, visits, size)
    assert close(ours.w, ws)
    assert close(ours.b, bs)
    per_epoch = math.ceil(n / size)
    grouped = [batches[k * per_epoch : (k + 1) * per_epoch] for k in range(epochs)]
    assert close(ours.loss, [sum(m * v for m, v in group) / n for group in grouped])


def test_the_two_ends_of_the_batch_size():
    """batch_size=1 is train_sgd's path, batch_size=n is train_batch's path and loss."""
    x, y, w0, b0 = data()
    visits = orders(23, 5)
    train = solution("ps5_minibatch_descent").train_minibatch
    one = train(x, y, w0, b0, 0.0625, visits, 1)
    sgd = solution("ps4_stochastic_descent").train_sgd(x, y, w0, b0, 0.0625, visits)
    assert close(one.w, sgd.w)
    assert close(one.b, sgd.b)
    every = train(x, y, w0, b0, 0.125, visits, 23)
    batch = solution("ps3_batch_descent").train_batch(x, y, w0, b0, 0.125, 5)
    for left, right in zip(every, batch, strict=True):
        assert close(left, right)


@pytest.mark.parametrize(("n", "size"), [(23, 7), (21, 7), (5, 8), (4, 1), (1, 3)])
def test_split_batches_is_torch_split(n, size):
    """The pieces are those of Tensor.split."""
    order = orders(n, 1)[0]
    ours = solution("ps5_minibatch_descent").split_batches(order, size)
    assert [batch.tolist() for batch in ours] == [batch.tolist() for batch in order.split(size)]
    assert isinstance(ours, list)


@pytest.mark.parametrize("size", [1, 4, 7, 23, 40])
@pytest.mark.parametrize("requires_grad", [False, True])
def test_accumulated_gradients_are_the_full_gradient(size, requires_grad):
    """Autograd on all data gives the same pair, and the caller's tensors stay as they were."""
    x, y, w, b = data()
    for parameter in (w, b):
        parameter.requires_grad_(requires_grad)
        parameter.grad = torch.tensor(7.0, dtype=torch.float64)
    ours = solution("ps5_minibatch_descent").accumulated_gradients(x, y, w, b, size)
    leaves = [w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()]
    theirs = torch.autograd.grad(nn.functional.mse_loss(leaves[0] * x + leaves[1], y), leaves)
    assert torch.allclose(torch.stack(ours), torch.stack(theirs), rtol=1e-13)
    assert [w.item(), b.item(), w.grad.item(), b.grad.item()] == [0.25, -0.875, 7.0, 7.0]
    assert w.requires_grad is b.requires_grad is requires_grad


def test_dataset_and_loader_serve_the_given_data():
    """Given noisy values come back unchanged, in the given order, on every pass."""
    module = solution("ps6_dataloader_and_optim")
    x, y, *_ = data()
    dataset = module.LineDataset(x, y)
    assert len(dataset) == 23
    assert all(torch.equal(a, x[k]) and torch.equal(b, y[k]) for k, (a, b) in ((k, dataset[k]) for k in range(23)))
    order = orders(23, 1)[0]
    loader = module.make_loader(dataset, 7, order.tolist())
    for _ in range(2):
        batches = list(loader)
        assert [len(features) for features, _ in batches] == [7, 7, 7, 2]
        assert torch.equal(torch.cat([features for features, _ in batches]), x[order])
        assert torch.equal(torch.cat([targets for _, targets in batches]), y[order])


def by_hand(x, y, theta, lr, groups):
    """Descent on a linear model by its normal equations: one update per group of index batches, losses before it."""
    design = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    losses = []
    for group in groups:
        losses += [((design[batch] @ theta - y[batch]) ** 2).mean().item() for batch in group]
        rows = torch.cat(group)
        theta = theta - lr * 2 * design[rows].T @ (design[rows] @ theta - y[rows]) / len(rows)
    return losses, theta


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_optimizer_loops_are_descent_by_hand(steps, flat, dtype):
    """Both loops (0: without accumulation) on three features, a last batch of one, targets of either shape."""
    module = solution("ps6_dataloader_and_optim")
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(22, 3, generator=generator, dtype=dtype)
    y = torch.rand(22, generator=generator, dtype=dtype)
    model = nn.Linear(3, 1).to(dtype)
    theta = torch.cat([model.weight.detach().flatten(), model.bias.detach()])
    loader = DataLoader(TensorDataset(x, y if flat else y.reshape(-1, 1)), batch_size=7)
    batches = list(torch.arange(22).split(7))
    width = max(1, steps)
    groups = [batches[k : k + width] for k in range(0, 4, width)] * 3
    if steps:
        losses = module.train_with_accumulation(model, loader, 0.125, 3, steps)
    else:
        losses = module.train_with_optimizer(model, loader, 0.125, 3)
    wanted, theta = by_hand(x, y, theta, 0.125, groups)
    found = torch.cat([model.weight.detach().flatten(), model.bias.detach()])
    rel = 1e-11 if dtype == torch.float64 else 1e-4
    assert close(losses, wanted, rel)
    assert torch.allclose(found, theta, rtol=rel, atol=rel)
    assert all(type(loss) is float for loss in losses)


def test_batch_size_sweep_is_one_run_each():
    """Every entry is the run of train_minibatch with that size, from the same start."""
    x, y, w0, b0 = data()
    visits = orders(23, 3)
    sweep = solution("ps7_experiments").batch_size_sweep(x, y, w0, b0, 0.0625, visits, [7, 1, 30])
    assert list(sweep) == [7, 1, 30]
    for size, run in sweep.items():
        wanted = solution("ps5_minibatch_descent").train_minibatch(x, y, w0, b0, 0.0625, visits, size)
        assert all(close(left, right) for left, right in zip(run, wanted, strict=True))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_learning_rate_sweep_reports_the_last_loss(dtype):
    """The loss after the last update; inf both where it overflows and where it would be nan; large stays large."""
    x, y, w0, b0 = data(dtype=dtype)
    module = solution("ps7_experiments")
    found = module.learning_rate_sweep(x, y, w0, b0, [0.125, 1.0, 2.0**60, 2.0**200], 12)
    for rate in (0.125, 1.0):
        after = torch_run(x, y, w0, b0, rate, orders(23, 13), 23)[2][12]
        assert found[rate] == pytest.approx(after, rel=1e-3 if dtype == torch.float32 else 1e-9)
    assert found[1.0] > 1e4
    assert found[2.0**60] == found[2.0**200] == math.inf
    start = nn.functional.mse_loss(w0 * x + b0, y).item()
    assert module.learning_rate_sweep(x, y, w0, b0, [0.5], 0) == {0.5: pytest.approx(start, rel=1e-6)}


def test_loss_grid_is_the_loss_at_every_pair():
    """Row j is a weight, column k a bias."""
    x, y, *_ = data()
    ws, bs = torch.linspace(-1, 3, 5, dtype=torch.float64), torch.linspace(-2, 1, 4, dtype=torch.float64)
    grid = solution("ps7_experiments").loss_grid(x, y, ws, bs)
    assert grid.shape == (5, 4)
    for j, w in enumerate(ws):
        for k, b in enumerate(bs):
            assert grid[j, k].item() == pytest.approx(nn.functional.mse_loss(w * x + b, y).item(), rel=1e-13)


def test_plot_paths_shows_the_lowest_place_of_the_grid_on_the_right_axes():
    """Contours with the weight across, closed around the minimum, and the paths on them."""
    x, y, *_ = data()
    ws, bs = torch.linspace(-1, 4, 31, dtype=torch.float64), torch.linspace(-2, 1, 19, dtype=torch.float64)
    module = solution("ps7_experiments")
    runs = {"one": History([0.0, 1.0], [0.5, 0.0], [3.0]), "two": History([3.0, 2.0], [0.0, -0.5], [4.0])}
    (axes,) = module.plot_paths(ws, bs, module.loss_grid(x, y, ws, bs), runs).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("w", "b")
    assert {line.get_label(): line.get_xydata().T.tolist() for line in axes.get_lines()} == {
        name: [run.w, run.b] for name, run in runs.items()
    }
    innermost = axes.collections[0].get_paths()[0].vertices
    assert innermost.mean(axis=0) == pytest.approx([1.75, -0.625], abs=0.2)


def test_plot_comparison_counts_epochs_and_updates():
    """The same losses twice; an entry every (len(w) - 1) / len(loss) updates on the right."""
    runs = {"b": History([0.0] * 7, [0.0] * 7, [3.0, 2.0, 1.0]), "a": History([0.0] * 3, [0.0] * 3, [4.0, 3.5])}
    epochs, updates = solution("ps7_experiments").plot_comparison(runs).axes
    assert {line.get_label(): line.get_xdata().tolist() for line in epochs.get_lines()} == {"b": [0, 1, 2], "a": [0, 1]}
    assert {line.get_label(): line.get_xdata().tolist() for line in updates.get_lines()} == {
        "b": [0, 2, 4],
        "a": [0, 1],
    }
    for axes in (epochs, updates):
        assert [line.get_ydata().tolist() for line in axes.get_lines()] == [[3.0, 2.0, 1.0], [4.0, 3.5]]
    assert (epochs.get_xlabel(), updates.get_xlabel()) == ("epoch", "update")


# --- the cards ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_reference_passes_public_and_drawn_cases(slug, name):
    """Full points on the public cases together with the hidden ones of three seeds, in both dtypes."""
    card = cards.load(slug)
    exercise = card.exercise(name)
    for seed in range(3):
        cases = [*exercise.public(), *exercise.hidden(random.Random(seed))]
        assert len({case.name for case in cases}) == len(cases)
        key = Key(
            slug, name, tuple(CaseKey(c, hidden=False, expected=expected_answer(slug, exercise, c)) for c in cases)
        )
        verdict = judge_exercise(card, exercise, key, asking(reference(slug)))
        assert (verdict.score, verdict.status) == (verdict.points, "passed"), (verdict.fact, verdict.cases)


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_arguments_stand_in_the_order_of_the_contract(slug, name):
    """Every case has the contract's parameters in its order; a second call has other sizes."""
    exercise = cards.load(slug).exercise(name)
    parameters = list(inspect.signature(getattr(solution(slug), name)).parameters)
    cases = [*exercise.public(), *exercise.hidden(random.Random(5))]
    for case in cases:
        assert list(case.arguments) == parameters
        assert case.earlier is None or list(case.earlier) == parameters
    assert any(case.earlier is not None for case in cases) or exercise.probe in {"orders", "figure"}


def dyadic(value):
    """Tell whether every number is a multiple of 2**-12."""
    if isinstance(value, np.ndarray):
        return bool(np.all(value * 4096 == np.round(value * 4096)))
    if isinstance(value, dict):
        return all(map(dyadic, value.values()))
    if isinstance(value, list):
        return all(map(dyadic, value))
    return not isinstance(value, float) or value * 4096 == round(value * 4096)


@pytest.mark.parametrize(("slug", "name"), [pair for pair in EXERCISES if pair[1] != "plot_paths"])
def test_public_cases_are_exact_in_binary_floating_point(slug, name):
    """No public number is rounded, not even in float32."""
    for case in cards.load(slug).exercise(name).public():
        assert dyadic(dict(case.arguments)), case.name


LOOPS = [
    ("ps4_stochastic_descent", "train_sgd", "loss"),
    ("ps5_minibatch_descent", "train_minibatch", "loss"),
    ("ps6_dataloader_and_optim", "train_with_optimizer", "losses"),
    ("ps7_experiments", "batch_size_sweep", "loss"),
]


@pytest.mark.parametrize(("slug", "name", "quantity"), LOOPS)
def test_drawn_diverging_runs_diverge_and_stay_finite(slug, name, quantity):
    """On many seeds the last loss is far above the first, and no entry is inf or nan."""
    exercise = cards.load(slug).exercise(name)
    for seed in range(12):
        case = next(c for c in exercise.hidden(random.Random(seed)) if "diverging" in c.name)
        answer = expected_answer(slug, exercise, case)
        for label, losses in answer.items():
            assert np.isfinite(losses).all()
            if label.startswith(quantity):
                assert losses[-1] > 10 * losses[0], (seed, label)
        assert not case.stable


def test_drawn_sizes_hide_nothing():
    """A rest of at least two that is at least two short, a chunk of another size, no square."""
    rng = random.Random(0)
    for _ in range(300):
        n, size = card5.drawn_sizes(rng)
        assert 2 <= n % size <= size - 2
        assert -(-n // -(-n // size)) != size
        assert size * size != n


@pytest.mark.parametrize("name", ["train_minibatch", "train_sgd"])
def test_hidden_cases_cover_every_kind(name):
    """A rest, none, B > n, n = 1, no epochs, a diverging run, a second call with other sizes."""
    card = card5.CARD if name == "train_minibatch" else card4.CARD
    for seed in range(5):
        cases = card.exercise(name).hidden(random.Random(seed))
        runs = [(len(c.arguments["x"]), c.arguments.get("batch_size", 1), len(c.arguments["orders"])) for c in cases]
        assert any(n == 1 for n, _, _ in runs)
        assert any(epochs == 0 for _, _, epochs in runs)
        assert any("diverging" in case.name for case in cases)
        second = next(case for case in cases if case.earlier)
        assert len(second.arguments["x"]) != len(second.earlier["x"]) or name == "train_minibatch"
        if name == "train_minibatch":
            assert any(size > n > 1 for n, size, _ in runs)
            assert any(n % size == 0 and 1 < size < n for n, size, _ in runs)
            assert any(n % size for n, size, _ in runs)
