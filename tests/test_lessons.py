"""The lessons ps1 to ps3: their form, their contracts, and their solutions against independent oracles."""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import io
import json
from importlib import import_module
from pathlib import Path

import pytest
import torch

from graders import cards
from graders.frontends.build import release_text, source_notebook
from graders.history import History

SLUGS = ("ps1_model_and_loss", "ps2_gradients_and_updates", "ps3_batch_descent")
EXERCISES = [(slug, name) for slug in SLUGS for name in cards.EXERCISES[slug]]
ORDER = (
    "In plain words",
    "The mathematics",
    "From formula to code",
    "A worked demonstration",
    "Summary and key takeaways",
)


def solution(slug):
    """Import a lesson as the module it also is."""
    return import_module(f"solutions.{slug}")


@pytest.fixture(scope="module")
def stubs():
    """The stub notebooks, made by nbgrader."""
    return {slug: json.loads(release_text(slug, source_notebook(slug))) for slug in SLUGS}


def headings(notebook):
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]


def marked(notebook, **wanted):
    """The cells whose nbgrader marks have these values."""
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks and all(marks[name] == value for name, value in wanted.items()):
            yield cell


def data(n=23, dtype=torch.float64):
    """A set of data that is exact in binary floating point and centred nowhere."""
    i = torch.arange(n)
    x = ((7 * i % 23) - 5).to(dtype).reshape(-1, 1) / 8
    y = 1.75 * x - 0.625 + ((5 * i % 7) - 3).to(dtype).reshape(-1, 1) / 16
    return x, y, torch.tensor(0.25, dtype=dtype), torch.tensor(-0.875, dtype=dtype)


@pytest.mark.parametrize("slug", SLUGS)
def test_sections_stand_in_order(stubs, slug):
    """Every lesson leads from the introduction to the takeaways in the same order, exercises before the summary."""
    found = headings(stubs[slug])
    exercises = [f"Exercise {k} · {name}" for k, name in enumerate(cards.EXERCISES[slug], start=1)]
    wanted = [found[0], *ORDER[:-1], *exercises, ORDER[-1]]
    assert found[0].startswith(slug[2])
    assert [heading for heading in found if heading in wanted] == wanted


@pytest.mark.parametrize("slug", SLUGS)
def test_every_topic_of_the_card_is_a_heading(stubs, slug):
    """What a report tells a student to read again exists in the notebook."""
    card = cards.load(slug)
    assert card.topics
    assert set(card.topics.values()) <= set(headings(stubs[slug]))


@pytest.mark.parametrize("slug", SLUGS)
def test_plain_words_need_no_code_and_mathematics_is_latex(slug):
    """The plain explanation holds no code, the mathematics holds displayed formulas."""
    cells = {cell["source"].splitlines()[0]: cell["source"] for cell in source_notebook(slug)["cells"]}
    assert "`" not in cells["## In plain words"]
    assert cells["## The mathematics"].count("$$") >= 4


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_docstrings_carry_the_contract(slug, name):
    """A docstring names the formula, every parameter, the result, and shapes."""
    function = getattr(solution(slug), name)
    text = inspect.getdoc(function)
    before, _, after = text.partition("Parameters\n")
    parameters, _, _ = after.partition("Returns\n")
    assert "Formula" in before
    for parameter in inspect.signature(function).parameters:
        assert parameter in parameters.replace(",", " ").replace(":", " ").split()
    assert "Returns\n" in text
    assert "left as" in text or name == "update"
    assert ("shape" in text) == (name != "plot_losses")


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_signature_is_the_card_s(slug, name):
    """Names and annotations of the stub are those the card judges."""
    lines = inspect.getsource(getattr(solution(slug), name)).split('"""')[0]
    signature = cards.load(slug).exercise(name).signature

    def shape(text):
        return ast.dump(ast.parse(f"{text.rstrip().rstrip(':')}: ...").body[0])

    assert shape(lines) == shape(signature)


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_check_cell_follows_its_exercise(stubs, slug, name):
    """The check stands right after its exercise, is locked, and is worth the card's points."""
    cells = stubs[slug]["cells"]
    at = next(k for k, cell in enumerate(cells) if cell["id"] == name)
    check = cells[at + 1]
    assert "".join(check["source"]) == f"check({name})"
    assert check["metadata"]["nbgrader"]["points"] == cards.load(slug).exercise(name).points
    assert check["metadata"]["editable"] is False


@pytest.mark.parametrize("slug", SLUGS)
def test_stub_holds_no_line_of_the_solution(stubs, slug):
    """Nothing between the solution marks, and no mark, reaches a student."""
    text = "\n".join("".join(cell["source"]) for cell in stubs[slug]["cells"])
    assert "SOLUTION" not in text
    kept = {line.strip() for line in text.splitlines()}
    for cell in marked(source_notebook(slug), solution=True):
        inside = cell["source"].split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
        lines = {line.strip() for line in inside.splitlines()} - {""}
        assert lines
        assert not {line for line in lines & kept if len(line) > 20}


def run(notebook):
    """Run the cells marked by nbgrader in one namespace; checks are left out."""
    names = {"__name__": "lesson"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in marked(notebook, grade=False):
            exec(compile("".join(cell["source"]), "<lesson>", "exec"), names)
    return names, printed.getvalue()


@pytest.mark.parametrize(("slug", "name"), EXERCISES)
def test_every_stub_raises(stubs, slug, name):
    """A function that is not written says so, whatever it is called with."""
    names, _ = run(stubs[slug])
    function = names[name]
    nothing = [None] * len(inspect.signature(function).parameters)
    with pytest.raises(NotImplementedError, match="write your own lines here"):
        function(*nothing)


@pytest.mark.parametrize("slug", SLUGS)
def test_demonstrations_run_before_anything_is_solved(stubs, slug, monkeypatch):
    """Every cell but the checks runs in an untouched stub, without any solution on the machine."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.use("agg")
    real = builtins.__import__

    def no_solutions(name, *rest):
        assert name.partition(".")[0] != "solutions"
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_solutions)
    names = {"__name__": "lesson"}
    figures = 0
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in stubs[slug]["cells"]:
            if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade"):
                exec(compile("".join(cell["source"]), f"<{cell['id']}>", "exec"), names)
                figures += len(plt.get_fignums())
                plt.close("all")
    assert figures >= 1


def test_the_table_cell_asks_for_the_exercise_and_then_compares(stubs):
    """Before exercise 1 is solved the comparison says so in a sentence; afterwards it prints twenty rows."""
    _, before = run(stubs["ps3_batch_descent"])
    assert "Solve exercise 1" in before
    _, after = run(source_notebook("ps3_batch_descent"))
    assert len(after.splitlines()) == 21
    assert all(float(line.split()[-1]) < 2e-6 for line in after.splitlines()[1:])


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_stub_runs_from_top_to_bottom_in_a_kernel(stubs, slug, tmp_path, monkeypatch):
    """In a real kernel, with the assignments beside it, no cell but a check may raise."""
    nbclient = pytest.importorskip("nbclient")
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.reads(json.dumps(stubs[slug]), as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": tmp_path}}
    )
    client.execute()
    errors = [
        cell.id for cell in notebook.cells for output in cell.get("outputs", []) if output["output_type"] == "error"
    ]
    assert not [name for name in errors if not name.startswith("check_")]
    pictures = [o for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    assert pictures


# --- the solutions against oracles that share no line with them -------------------------------------------------------


def test_make_line_by_hand():
    """Three points by pencil and paper."""
    x = torch.tensor([[0.0], [1.0], [2.0]])
    noise = torch.tensor([[0.5], [0.0], [-0.5]])
    y = solution("ps1_model_and_loss").make_line(x, 3.0, -1.0, noise)
    assert y.tolist() == [[-0.5], [2.0], [4.5]]


def test_forward_is_torch_linear():
    """The model is `torch.nn.functional.linear` with one input and one output."""
    x, _, w, b = data()
    ours = solution("ps1_model_and_loss").forward(x, w, b)
    theirs = torch.nn.functional.linear(x, w.reshape(1, 1), b.reshape(1))
    assert torch.allclose(ours, theirs, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("shape", [(23, 1), (23,), (1, 1)])
def test_mse_is_torch_mse_loss(shape):
    """Value and gradient are those of PyTorch's own loss, for every judged shape."""
    x, y, *_ = data(23 if 23 in shape else 1)
    ours, theirs = (x.reshape(shape).clone().requires_grad_() for _ in range(2))
    left = solution("ps1_model_and_loss").mse(ours, y.reshape(shape))
    right = torch.nn.functional.mse_loss(theirs, y.reshape(shape))
    left.backward()
    right.backward()
    assert left.shape == ()
    assert torch.allclose(left, right, rtol=1e-15)
    assert torch.allclose(ours.grad, theirs.grad, rtol=1e-14)


@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((1, 1), ()), ((3, 1), (1, 3)), ((3, 1), (1, 1))])
def test_mse_refuses_unequal_shapes(shapes):
    """What would broadcast is refused, and the message names both shapes."""
    left, right = (torch.zeros(shape) for shape in shapes)
    with pytest.raises(ValueError, match="shape") as caught:
        solution("ps1_model_and_loss").mse(left, right)
    assert all(str(tuple(shape)) in str(caught.value) for shape in shapes)


def test_gradients_agree_with_each_other_and_with_differences():
    """Closed form, autograd and central differences give the same pair."""
    module = solution("ps2_gradients_and_updates")
    x, y, w, b = data()
    formula = torch.stack(module.mse_gradients(x, y, w, b))
    autograd = torch.stack(module.autograd_gradients(x, y, w, b))

    def loss(w, b):
        return torch.nn.functional.mse_loss(w * x + b, y)

    tiny = 2.0**-18
    differences = torch.stack([(loss(w + tiny, b) - loss(w - tiny, b)), (loss(w, b + tiny) - loss(w, b - tiny))]) / (
        2 * tiny
    )
    assert torch.allclose(formula, autograd, rtol=1e-14)
    assert torch.allclose(formula, differences, rtol=1e-9)


@pytest.mark.parametrize("requires_grad", [False, True])
def test_gradients_leave_the_caller_alone(requires_grad):
    """Values, requires_grad and a filled .grad are as they were; the closed form works without grad mode."""
    module = solution("ps2_gradients_and_updates")
    x, y, w, b = data()
    for parameter in (w, b):
        parameter.requires_grad_(requires_grad)
        parameter.grad = torch.tensor(7.0, dtype=torch.float64)
    module.autograd_gradients(x, y, w, b)
    with torch.no_grad():
        module.mse_gradients(x, y, w, b)
    assert [w.item(), b.item(), w.grad.item(), b.grad.item()] == [0.25, -0.875, 7.0, 7.0]
    assert w.requires_grad is b.requires_grad is requires_grad


def test_update_is_one_step_of_torch_sgd():
    """In place, same objects, ready for the next backward; the numbers are torch.optim.SGD's."""
    x, y, w, b = data()
    ours = [w.clone().requires_grad_(), b.clone().requires_grad_()]
    theirs = [w.clone().requires_grad_(), b.clone().requires_grad_()]
    optimizer = torch.optim.SGD(theirs, lr=0.125)
    for _ in range(3):
        for weight, bias in (ours, theirs):
            torch.nn.functional.mse_loss(weight * x + bias, y).backward()
        assert solution("ps2_gradients_and_updates").update(*ours, 0.125) is None
        optimizer.step()
        optimizer.zero_grad()
    assert [p.item() for p in ours] == pytest.approx([p.item() for p in theirs], rel=1e-14)
    assert all(p.is_leaf and p.requires_grad and p.grad is None for p in ours)


def sgd_path(x, y, w0, b0, lr, epochs):
    """The same run by torch.optim.SGD and nn.MSELoss."""
    w, b = w0.clone().requires_grad_(), b0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=lr)
    path = History([w.item()], [b.item()], [])
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = torch.nn.MSELoss()(w * x + b, y)
        loss.backward()
        optimizer.step()
        path.loss.append(loss.item())
        path.w.append(w.item())
        path.b.append(b.item())
    return path


@pytest.mark.parametrize(("lr", "epochs"), [(0.125, 6), (0.125, 0), (1.5, 12)])
def test_train_batch_is_torch_sgd_on_all_data(lr, epochs):
    """Path and losses agree on a stable run, an empty run and a diverging one; the start is left alone."""
    x, y, w0, b0 = data()
    ours = solution("ps3_batch_descent").train_batch(x, y, w0, b0, lr, epochs)
    theirs = sgd_path(x, y, w0, b0, lr, epochs)
    assert [len(part) for part in ours] == [epochs + 1, epochs + 1, epochs]
    assert all(type(number) is float for part in ours for number in part)
    for left, right in zip(ours, theirs, strict=True):
        assert left == pytest.approx(right, rel=1e-11, abs=1e-13)
    assert (w0.item(), b0.item(), w0.requires_grad) == (0.25, -0.875, False)


def test_train_batch_is_the_linear_recursion():
    """Descent on a quadratic has a closed form: the error vector is multiplied by (I - lr H) in every step."""
    x, y, w0, b0 = data()
    design = torch.cat([x, torch.ones_like(x)], dim=1)
    hessian = 2 * design.T @ design / len(x)
    best = torch.linalg.lstsq(design, y).solution.flatten()
    ours = solution("ps3_batch_descent").train_batch(x, y, w0, b0, 0.125, 10)
    shrink = torch.eye(2, dtype=torch.float64) - 0.125 * hessian
    for t in range(11):
        expected = best + torch.linalg.matrix_power(shrink, t) @ (torch.stack([w0, b0]) - best)
        assert [ours.w[t], ours.b[t]] == pytest.approx(expected.tolist(), rel=1e-11)


@pytest.mark.parametrize(("dtype", "allowed"), [(torch.float64, 2e-6), (torch.float32, 1e-5)])
def test_the_tutorial_s_table_is_reproduced(dtype, allowed):
    """All twenty rows, relative to the greatest number of the column so far; the ends are quoted from COURSE.md."""
    module = solution("ps3_batch_descent")
    i = torch.arange(100, dtype=torch.float64).reshape(-1, 1)
    x = -5 + 0.1 * i
    y = -5 * x + (-0.0599082808 + 0.0092535211 * x + 0.3771828231 * (-1) ** i)
    x, y, w0, b0 = (t.to(dtype) for t in (x, y, torch.tensor(-10.0), torch.tensor(-20.0)))
    w, b, loss = module.train_batch(x, y, w0, b0, 0.1, 20)
    greatest = [0.0, 0.0, 0.0]
    for epoch, printed in enumerate(module.TUTORIAL_TABLE):
        greatest = [max(old, abs(new)) for old, new in zip(greatest, printed, strict=True)]
        for yours, theirs, scale in zip((loss[epoch], w[epoch + 1], b[epoch + 1]), printed, greatest, strict=True):
            assert abs(yours - theirs) <= allowed * scale
    assert module.TUTORIAL_TABLE[0] == (596.7191162109375, -1.8527469635009766, -16.062074661254883)
    assert module.TUTORIAL_TABLE[-1] == pytest.approx((0.2253634, -4.9960642, -0.2906789), abs=1e-7)
    assert len(module.TUTORIAL_TABLE) == 20


def test_plot_fit_shows_data_and_line():
    """Markers at the data, a line through w * x + b, labels, legend and grid; also where w requires grad."""
    x, y, w, b = data()
    (axes,) = solution("ps1_model_and_loss").plot_fit(x, y, w.requires_grad_(), b).axes
    points, line = axes.get_lines()
    assert (points.get_linestyle(), points.get_marker()) == ("None", "o")
    assert points.get_xydata().tolist() == torch.cat([x, y], dim=1).tolist()
    for at, height in line.get_xydata():
        assert height == pytest.approx(0.25 * at - 0.875)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["data", "line"]
    assert axes.get_xlabel() == "x"
    assert axes.get_ylabel() == "y"
    assert axes.xaxis.get_gridlines()[0].get_visible()


def test_plot_losses_draws_every_run_unchanged():
    """One line for each run, its y-data the losses; runs may differ in length."""
    losses = {"slow": [3.0, 2.5, 2.25], "fast": [3.0, 0.5]}
    (axes,) = solution("ps3_batch_descent").plot_losses(losses).axes
    drawn = {line.get_label(): line.get_ydata().tolist() for line in axes.get_lines()}
    assert drawn == losses
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["slow", "fast"]
    assert axes.get_xlabel()
    assert axes.get_ylabel()
