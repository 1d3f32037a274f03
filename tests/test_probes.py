"""Results of every form are read as what they plainly mean; anything else is named."""

from __future__ import annotations

import numpy as np
import pytest

from graders.engine.wire import observation_from_plain, observation_to_plain, pack, unpack
from graders.engine.worker.probes import PROBES, find, warm
from tests.support.cells import ask

HEAD = """
import torch, numpy as np
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from collections import deque, namedtuple, OrderedDict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from graders import History
"""
W, B, LOSS = [0.25, 0.5, 1.0], [-1.0, -0.5, 0.25], [4.0, 2.0]


def returned(expression, probe, arguments=None, head="", **more):
    """Ask a function that returns this expression; the answer must travel over the wire."""
    source = f"{HEAD}\n{head}\ndef f(*given):\n    return {expression}\n"
    seen = ask(source, "f", probe, arguments or {}, **more)
    assert seen.outcome in {"returned", "raised"}
    back = observation_from_plain(unpack(pack(observation_to_plain(seen))))
    assert set(back.values) == set(seen.values)
    return seen


def sentences(seen):
    """Return the faults in words."""
    return " ".join(sentence for _, sentence in seen.faults)


def test_every_probe_of_the_table_exists():
    """The registry holds a function for each name, and they can be imported beforehand."""
    warm()
    assert all(callable(find(name)) for name in PROBES)


# -- tensors and numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "value", "word"),
    [
        ("torch.tensor([[1.0], [2.0]])", [[1.0], [2.0]], "float32"),
        ("torch.tensor([1.0], dtype=torch.float64)", [1.0], "float64"),
        ("torch.tensor(3)", 3, "int64"),
        ("torch.tensor([1, 2], dtype=torch.int16)", [1, 2], "int16"),
        ("torch.tensor([1.5], dtype=torch.bfloat16)", [1.5], "bfloat16"),
        ("torch.tensor([True])", [True], "bool"),
        ("torch.tensor(1.5, requires_grad=True) * 2", 3.0, "float32"),
        ("nn.Parameter(torch.ones(2, 1))", [[1.0], [1.0]], "float32"),
        ("torch.eye(2).to_sparse()", [[1.0, 0.0], [0.0, 1.0]], "float32"),
        ("torch.ones(2, 3).T", [[1.0, 1.0]] * 3, "float32"),
        ("np.array([1.0, 2.0])", [1.0, 2.0], "float64"),
        ("np.float32(1.5)", 1.5, "float32"),
        ("np.ma.masked_array([1.0, 2.0])", [1.0, 2.0], "float64"),
        ("2.5", 2.5, ""),
        ("7", 7, ""),
        ("Fraction(1, 4)", 0.25, ""),
        ("Decimal('0.5')", 0.5, ""),
        ("[1.0, 2.0]", [1.0, 2.0], ""),
        ("[torch.tensor(1.0), torch.tensor(2.0)]", [1.0, 2.0], "float32"),
    ],
)
def test_a_tensor_of_any_form(expression, value, word):
    """Shape and numbers arrive as they are, with torch's word for the dtype."""
    seen = returned(expression, "tensor")
    got = seen.values["value"]
    assert got.shape == np.shape(value)
    assert np.array_equal(got, value)
    assert got.dtype.name in {"float64", "float32", "int64", "bool"}
    assert seen.dtypes.get("value", "") == word
    assert seen.faults == ()


@pytest.mark.parametrize(
    ("expression", "mistake", "words"),
    [
        ("None", "returns-none", "f returns None."),
        ("'text'", "", "f returns a str"),
        ("(x for x in [1.0])", "", "f returns a generator"),
        ("torch.tensor([1j])", "", "f returns a Tensor of shape (1,)"),
        ("{'a': 1}", "", "f returns a dict of 1 item"),
        ("torch.ones(2, device='meta')", "", "f returns a Tensor of shape (2,)"),
        ("torch.tensor([1.0, float('nan')])", "", "f[1] is nan"),
        ("float('nan')", "", "f is nan"),
        ("float", "", "the class float itself"),
        ("[[1.0], [1.0, 2.0]]", "", "f returns a list of 2 items"),
    ],
)
def test_what_is_no_tensor_is_named(expression, mistake, words):
    """None, text, complex numbers and nan get a sentence."""
    seen = returned(expression, "tensor")
    assert [fault[0] for fault in seen.faults] == [mistake]
    assert words in sentences(seen)


@pytest.mark.parametrize(
    "lines",
    [
        "class T(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, func, types, args=(), kwargs=None):\n        return 42.0\n",
        "class T(torch.Tensor):\n    def detach(self): return torch.zeros(2)\n    def cpu(self): return torch.zeros(2)\n    def numpy(self): return 1\n",
        "class T(torch.Tensor):\n    shape = (7,)\n    dtype = 'any'\n    def __eq__(self, other): return True\n",
    ],
)
def test_a_tensor_subclass_decides_nothing(lines):
    """The numbers of a Tensor subclass are read by torch's own methods."""
    seen = returned("torch.Tensor.as_subclass(torch.tensor([1.0, 2.0]), T)", "tensor", head=lines)
    assert np.array_equal(seen.values["value"], [1.0, 2.0])
    assert seen.dtypes == {"value": "float32"}


def test_a_float_subclass_decides_nothing():
    """A float that claims another value is read as the float it is."""
    head = "class F(float):\n    def __float__(self): return 9.0\n    def __eq__(self, other): return True\n"
    assert returned("F(1.5)", "number", head=head).values["value"] == 1.5


@pytest.mark.parametrize(
    "expression",
    [
        "0.5",
        "torch.tensor(0.5)",
        "torch.tensor([0.5])",
        "np.float64(0.5)",
        "[0.5]",
        "Fraction(1, 2)",
        "np.array([[0.5]])",
    ],
)
def test_a_number_of_any_form(expression):
    """One number, however it is wrapped."""
    seen = returned(expression, "number")
    assert seen.values["value"] == 0.5
    assert type(seen.values["value"]) is float


@pytest.mark.parametrize(("expression", "words"), [("[1.0, 2.0]", "one number is asked for"), ("None", "returns None")])
def test_what_is_no_number_is_named(expression, words):
    """Two numbers are not one."""
    seen = returned(expression, "number")
    assert words in sentences(seen)
    assert "value" not in seen.values


# -- forward and mse ---------------------------------------------------------------------------------------------

LINE = {"x": np.array([[1.0], [2.0]]), "w": np.array(3.0), "b": np.array(-1.0)}
WEIGHTS = {"weights": np.array([[10.0], [1.0]])}


def test_forward_and_its_gradient():
    """For weights 10 and 1 at x = 1 and 2: d/dw = 10*1 + 1*2, d/db = 11."""
    seen = ask("def f(x, w, b):\n    return w * x + b\n", "f", "forward", LINE, options=WEIGHTS)
    assert np.array_equal(seen.values["value"], [[2.0], [5.0]])
    assert (seen.values["grad_w"], seen.values["grad_b"]) == (12.0, 11.0)
    assert np.array_equal(seen.after["w"], 3.0)


@pytest.mark.parametrize(
    ("result", "gradients"),
    [
        ("w.detach() * x + b", (0.0, 11.0)),
        ("w * x", (12.0, 0.0)),
        ("w * x + b.item()", (12.0, 0.0)),
        ("(w * x + b).squeeze(1)", (12.0, 11.0)),
        ("(w * x + b).to(torch.float32)", (12.0, 11.0)),
    ],
)
def test_where_torch_gives_none_the_gradient_is_zero(result, gradients):
    """A detached parameter has gradient zero; the weights follow a flat result."""
    seen = ask(f"import torch\ndef f(x, w, b):\n    return {result}\n", "f", "forward", LINE, options=WEIGHTS)
    assert (seen.values["grad_w"], seen.values["grad_b"]) == gradients


@pytest.mark.parametrize(
    "body",
    [
        "return (w * x + b).detach()",
        "return (w * x + b).detach().numpy()",
        "with torch.no_grad():\n        return w * x + b",
        "return w.item() * x + b.item()",
    ],
)
def test_forward_without_a_graph(body):
    """The value arrives, and the lost gradient is named."""
    seen = ask(f"import torch\ndef f(x, w, b):\n    {body}\n", "f", "forward", LINE, options=WEIGHTS)
    assert np.array_equal(seen.values["value"], [[2.0], [5.0]])
    assert [fault[0] for fault in seen.faults] == ["no-grad-around-forward"]
    assert "grad_w" not in seen.values


def test_forward_that_uses_up_its_graph():
    """A backward pass inside forward leaves no graph for the caller."""
    body = "y = w * x + b\n    y.sum().backward()\n    return y\n"
    seen = ask(f"def f(x, w, b):\n    {body}", "f", "forward", LINE)
    assert [fault[0] for fault in seen.faults] == ["graph-reused"]


PAIR = {"y_pred": np.array([[1.0], [2.0]]), "y": np.array([[0.0], [4.0]])}


def test_mse_and_its_gradient():
    """Errors 1 and -2: the mean of squares is 2.5, its gradient 2 * error / 2."""
    seen = ask("def f(p, y):\n    return ((p - y) ** 2).mean()\n", "f", "mse", PAIR)
    assert seen.values["value"] == 2.5
    assert seen.values["value"].shape == ()
    assert np.array_equal(seen.values["grad"], [[1.0], [-2.0]])


def test_mse_of_the_wrong_shape_is_delivered():
    """A column instead of one number arrives with its shape."""
    assert ask("def f(p, y):\n    return (p - y) ** 2\n", "f", "mse", PAIR).values["value"].shape == (2, 1)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("raise ValueError('shapes')", "ValueError"),
        ("raise type('Mine', (ValueError,), {})", "ValueError"),
        ("assert p.shape == y.shape", "AssertionError"),
        ("pass", "nothing"),
        ("raise TypeError", "TypeError"),
    ],
)
def test_mse_of_unequal_shapes(line, word):
    """What is raised is told by its type; a kind of ValueError is one."""
    arguments = {"y_pred": np.ones((2, 1)), "y": np.ones(2)}
    source = f"def f(p, y):\n    if p.shape != y.shape: {line}\n    return ((p - y) ** 2).mean()\n"
    assert ask(source, "f", "mse", arguments, options={"unequal": True}).values == {"raised": word}


# -- gradients and update ----------------------------------------------------------------------------------------

FOUR = {"x": np.ones((2, 1)), "y": np.zeros((2, 1)), "w": np.array(1.0), "b": np.array(1.0)}


@pytest.mark.parametrize(
    "expression",
    [
        "(torch.tensor(3.0), torch.tensor(4.0))",
        "[torch.tensor(3.0), torch.tensor(4.0)]",
        "torch.tensor([3.0, 4.0])",
        "(3.0, 4.0)",
        "{'dw': 3.0, 'db': 4.0}",
        "{'b': 4.0, 'w': 3.0}",
        "namedtuple('G', 'dw db')(torch.tensor(3.0), 4.0)",
        "np.array([3.0, 4.0])",
        "(torch.tensor(3.0, requires_grad=True) * 1, np.float32(4.0))",
    ],
)
def test_a_pair_of_any_form(expression):
    """Two numbers in order, or by name."""
    seen = returned(expression, "gradients", FOUR)
    assert (seen.values["dw"], seen.values["db"]) == (3.0, 4.0)
    assert seen.values["dw"].shape == ()
    assert seen.faults == ()


@pytest.mark.parametrize(
    ("expression", "mistake", "words"),
    [
        ("None", "returns-none", "f returns None"),
        ("torch.tensor(3.0)", "wrong-shape", "a pair (dL/dw, dL/db) is asked for"),
        ("(1.0, 2.0, 3.0)", "wrong-shape", "f returns a tuple of 3 items"),
        ("(None, None)", "returns-none", "dw, as f returns it, is None."),
        ("('a', 1.0)", "", "dw, as f returns it, is a str."),
    ],
)
def test_what_is_no_pair_is_named(expression, mistake, words):
    """One number, three, or None each get a sentence."""
    seen = returned(expression, "gradients", FOUR)
    assert seen.faults[0][0] == mistake
    assert words in sentences(seen)


def test_a_pair_of_wrong_shape_keeps_its_shape():
    """A one-element gradient arrives with the shape it has."""
    assert returned("(torch.ones(1), torch.ones(1, 1))", "gradients", FOUR).values["db"].shape == (1, 1)


@pytest.mark.parametrize(
    ("options", "line", "state"),
    [
        ({"requires_grad": False}, "0", "as it was"),
        ({"requires_grad": True, "filled": True}, "0", "as it was"),
        ({"requires_grad": False, "filled": True}, "0", "as it was"),
        ({"requires_grad": False}, "w.requires_grad_()", "f leaves w with requires_grad."),
        ({"requires_grad": True}, "b.requires_grad_(False)", "f leaves b without requires_grad."),
        ({"requires_grad": True}, "(w * 2).backward()", "f leaves a gradient in w.grad."),
        ({"requires_grad": True, "filled": True}, "(w * 2).backward()", "f changes w.grad from 3.5 to 5.5."),
        (
            {"requires_grad": True, "filled": True},
            "w.grad.zero_(), setattr(b, 'grad', None)",
            "f changes w.grad from 3.5 to 0 and clears the gradient that stood in b.grad.",
        ),
    ],
)
def test_what_happened_to_the_callers_tensors(options, line, state):
    """requires_grad and .grad of the caller's w and b are compared with what they were."""
    source = f"def f(x, y, w, b):\n    {line}\n    return 1.0, 2.0\n"
    assert ask(source, "f", "gradients", FOUR, options=options).values["state"] == state


def test_gradients_under_no_grad():
    """One case calls with gradients switched off."""
    source = "import torch\ndef f(x, y, w, b):\n    return float(torch.is_grad_enabled()), 0.0\n"
    assert ask(source, "f", "gradients", FOUR, options={"grad": "off"}).values["dw"] == 0.0
    assert ask(source, "f", "gradients", FOUR).values["dw"] == 1.0


STEP = {"w": np.array(1.0), "b": np.array(2.0), "lr": 0.5}
FILLED = {"dw": 4.0, "db": -2.0}


@pytest.mark.parametrize(
    ("body", "w", "b", "grads", "flags"),
    [
        (
            "with torch.no_grad():\n        w -= lr * w.grad; b -= lr * b.grad\n    w.grad = b.grad = None",
            -1,
            3,
            (0, 0),
            (True, True),
        ),
        (
            "w.data -= lr * w.grad; b.data = b.data - lr * b.grad\n    w.grad.zero_(); b.grad.zero_()",
            -1,
            3,
            (0, 0),
            (True, True),
        ),
        ("torch.optim.SGD([w, b], lr).step()\n    w.grad.zero_()", -1, 3, (0, -2), (True, True)),
        ("w = w - lr * w.grad\n    b = b - lr * b.grad\n    return w, b", 1, 2, (4, -2), (False, True)),
        ("w.requires_grad_(False)\n    w -= lr * w.grad\n    w.grad = None", -1, 2, (0, -2), (True, False)),
        ("w.data -= 1\n    return w, b", 0, 2, (4, -2), (True, True)),
    ],
)
def test_update_is_read_from_the_outside(body, w, b, grads, flags):
    """Values, gradients and flags of the caller's own two leaves after the update."""
    seen = ask(f"import torch\ndef f(w, b, lr):\n    {body}\n", "f", "update", STEP, options=FILLED)
    assert seen.outcome == "returned", seen.error
    values = seen.values
    assert (values["w"], values["b"]) == (w, b)
    assert (values["grad_w"], values["grad_b"]) == grads
    assert (values["same_objects"], values["requires_grad"]) == flags
    assert values["returned"] == ("tuple" if "return" in body else "None")


# -- histories ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        f"History({W}, {B}, {LOSS})",
        f"({W}, {B}, {LOSS})",
        f"[{W}, {B}, {LOSS}]",
        f"{{'w': {W}, 'b': {B}, 'loss': {LOSS}}}",
        f"OrderedDict(loss={LOSS}, w={W}, b={B})",
        f"{{'losses': {LOSS}, 'W': {W}, 'bias': {B}}}",
        f"Run({W}, {B}, {LOSS})",
        f"Own({W}, {B}, {LOSS})",
        f"SimpleNamespace(loss={LOSS}, w={W}, b={B})",
        f"namedtuple('R', 'weights biases losses')({W}, {B}, {LOSS})",
        f"namedtuple('R', 'a c d')({W}, {B}, {LOSS})",
        f"(tuple({W}), deque({B}), np.array({LOSS}))",
        f"(torch.tensor({W}), torch.tensor({B}).double(), torch.tensor({LOSS}).reshape(-1, 1))",
        f"(np.array({W}).reshape(-1, 1), torch.tensor({B})[:, None], np.array([{LOSS}]))",
        f"([torch.tensor(v) for v in {W}], [torch.tensor([v]) for v in {B}], [torch.tensor([[v]]) for v in {LOSS}])",
        f"([torch.tensor(v, requires_grad=True) for v in {W}], torch.tensor({B}, requires_grad=True), {LOSS})",
        f"([np.float32(v) for v in {W}], [Fraction(v) for v in {B}], [Decimal(v) for v in {LOSS}])",
        f"([[v] for v in {W}], [(v,) for v in {B}], [int(v) for v in {LOSS}])",
        f"([{W[0]}] + [torch.tensor([v]) for v in {W[1:]}], {B}, {LOSS})",
        f"(nn.Parameter(torch.tensor({W})), Own2({B}), {LOSS})",
    ],
)
def test_a_history_of_any_form(expression):
    """A tuple, a list, a dict, a class with any columns is read as what it plainly means."""
    head = (
        "@dataclass\nclass Run:\n    w: list\n    b: list\n    loss: list\n"
        "class Own:\n    def __init__(self, w, b, loss): self.w, self.b, self.loss = w, b, loss\n"
        "class Own2:\n    def __init__(self, v): self.v = v\n    def __len__(self): return len(self.v)\n"
        "    def __getitem__(self, i): return self.v[i]\n"
    )
    seen = returned(expression, "history", head=head)
    assert seen.faults == ()
    for name, column in (("w", W), ("b", B), ("loss", LOSS)):
        assert seen.values[name].dtype == np.float64
        assert np.array_equal(seen.values[name], column)


def test_float32_entries_are_noted():
    """Entries that are float32 tensors say so; plain floats say nothing."""
    seen = returned(f"([torch.tensor(v) for v in {W}], {B}, np.array({LOSS}))", "history")
    assert seen.dtypes == {"w": "float32", "loss": "float64"}


@pytest.mark.parametrize(
    ("expression", "mistake", "words", "left"),
    [
        ("None", "returns-none", "f returns None.", set()),
        ("5.0", "wrong-shape", "f returns a float; w, b and loss are asked for.", set()),
        (f"({W}, {B})", "wrong-shape", "f returns a tuple of 2 items; w, b and loss are asked for.", set()),
        (f"{{'w': {W}, 'loss': {LOSS}}}", "", "The history returned by f has no b.", {"w", "loss"}),
        (f"SimpleNamespace(w={W}, b={B})", "", "has no loss", {"w", "b"}),
        ("History", "wrong-shape", "the class History itself", set()),
        (f"(None, {B}, {LOSS})", "wrong-shape", "w is None; a list of numbers is asked for.", {"b", "loss"}),
        (f"((v for v in {W}), {B}, {LOSS})", "wrong-shape", "w is a generator", {"b", "loss"}),
        (
            f"([1.0, [1.0, 2.0]], {B}, {LOSS})",
            "wrong-shape",
            "w[1] is a list of 2 items; one number",
            {"w", "b", "loss"},
        ),
        (f"([1.0, None], {B}, {LOSS})", "wrong-shape", "w[1] is None", {"w", "b", "loss"}),
        (f"([1.0, 'a'], {B}, {LOSS})", "wrong-shape", "w[1] is a str", {"w", "b", "loss"}),
        (f"(torch.ones(2, 2), {B}, {LOSS})", "wrong-shape", "w[0] is a Tensor of shape (2,)", {"b", "loss"}),
        (f"({W}, [0.0, float('nan'), 0.0], {LOSS})", "", "b[1] is nan.", {"w", "b", "loss"}),
        (f"({W}, {B}, 'ab')", "wrong-shape", "loss is a str", {"w", "b"}),
        (f"iter(({W}, {B}, {LOSS}))", "wrong-shape", "f returns a tuple_iterator", set()),
    ],
)
def test_what_is_no_history_is_named(expression, mistake, words, left):
    """Missing fields, ragged entries and nan get a sentence; what can be read arrives all the same."""
    seen = returned(expression, "history")
    assert seen.faults[0][0] == mistake
    assert words in sentences(seen)
    assert set(seen.values) == left


def test_a_broken_property_is_a_missing_field():
    """A class whose attribute raises has no such field."""
    head = "class Own:\n    w = [1.0]\n    b = [2.0]\n    @property\n    def loss(self): raise ValueError\n"
    assert "has no loss" in sentences(returned("Own()", "history", head=head))


def test_one_history_per_label():
    """A dict from batch size to history gives w@8 and so on; what is missing or too much is named."""
    sizes = {"batch_sizes": [1, 8]}
    run = f"History({W}, {B}, {LOSS})"
    seen = returned(f"{{1: {run}, 8: ({B}, {W}, {LOSS})}}", "histories", sizes)
    assert set(seen.values) == {f"{name}@{size}" for name in ("w", "b", "loss") for size in (1, 8)}
    assert np.array_equal(seen.values["w@8"], B)
    assert seen.faults == ()
    assert "no entry 8" in sentences(returned(f"{{1: {run}}}", "histories", sizes))
    assert "nobody asked for: 3" in sentences(returned(f"{{1: {run}, 8: {run}, 3: {run}}}", "histories", sizes))
    assert "entry 8 is None" in sentences(returned(f"{{1: {run}, 8: None}}", "histories", sizes))
    assert "a dict is asked for" in sentences(returned(f"[{run}, {run}]", "histories", sizes))
    assert "returns None" in sentences(returned("None", "histories", sizes))
    odd = returned(f"{{torch.tensor(1): {run}, np.int64(8): {run}}}", "histories", sizes)
    assert odd.faults == ()
    text = sentences(returned(f"{{1: {run}, '8': {run}}}", "histories", sizes))
    assert "no entry 8" in text
    assert "nobody asked for: '8'" in text


def test_one_number_per_rate():
    """A dict from rate to loss gives values in the order of the rates; inf is a value."""
    rates = {"lrs": [0.5, 0.1]}
    seen = returned("{0.1: torch.tensor(2.0), 0.5: float('inf')}", "mapping", rates)
    assert np.array_equal(seen.values["value"], [np.inf, 2.0])
    assert np.array_equal(seen.values["keys"], [0.1, 0.5])
    assert seen.faults == ()
    assert "no entry 0.1" in sentences(returned("{0.5: 1.0}", "mapping", rates))
    assert "entry 0.5 is nan" in sentences(returned("{0.5: float('nan'), 0.1: 1.0}", "mapping", rates))
    assert "one number is asked for" in sentences(returned("{0.5: [1.0, 2.0], 0.1: 1.0}", "mapping", rates))
    assert "returns None" in sentences(returned("None", "mapping", rates))


# -- orders and batches ------------------------------------------------------------------------------------------

DRAWN = {"n": 12, "epochs": 3}


def orders_of(body):
    """Ask for the orders of a function with this body."""
    source = f"import torch, random\nimport numpy as np\ndef f(n, epochs, generator):\n    return {body}\n"
    return ask(source, "f", "orders", DRAWN, options={"seed": 5})


def test_orders_from_a_generator():
    """The same seed gives the same orders, a second call other ones, and the global state is left alone."""
    seen = orders_of("[torch.randperm(n, generator=generator) for _ in range(epochs)]")
    assert [sorted(order.tolist()) for order in seen.values["orders"]] == [list(range(12))] * 3
    assert all(np.array_equal(a, b) for a, b in zip(seen.values["orders"], seen.values["again"], strict=True))
    assert not np.array_equal(seen.values["orders"][0], seen.values["next"][0])
    assert seen.values["advances"] is True
    assert seen.values["global_random"] == "untouched"
    assert seen.dtypes["orders"] == "int64"
    assert seen.faults == ()


@pytest.mark.parametrize(
    "body",
    [
        "[torch.randperm(n) for _ in range(epochs)]",
        "[random.sample(range(n), n) for _ in range(epochs)]",
        "[np.random.permutation(n) for _ in range(epochs)]",
        "[torch.manual_seed(0), torch.randperm(n)][1:] * epochs",
    ],
)
def test_global_random_state_is_watched(body):
    """Drawing from any of the three global generators is noticed."""
    seen = orders_of(body)
    assert seen.values["global_random"] == "changed"
    assert seen.values["advances"] is False


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("None", "f returns None."),
        ("3", "f returns an int; a list of tensors is asked for."),
        ("(torch.randperm(n) for _ in range(epochs))", "which can be read only once"),
        ("[torch.ones(2, 2)]", "Entry 0 of f's list has shape (2, 2)"),
        ("['a']", "Entry 0 of f's list is a str"),
    ],
)
def test_what_is_no_list_of_orders_is_named(body, words):
    """None, a number, a generator and odd entries get a sentence."""
    assert words in sentences(orders_of(body))


def test_orders_of_another_dtype_keep_their_word():
    """int32 orders arrive as int64 with the word int32; a tensor of rows is a list of orders."""
    seen = orders_of("torch.stack([torch.randperm(n, generator=generator).int() for _ in range(epochs)])")
    assert seen.dtypes["orders"] == "int32"
    assert len(seen.values["orders"]) == 3


def test_batches_of_any_form():
    """A tuple of views, a list of lists: one array of indices per batch."""
    arguments = {"order": np.array([2, 0, 1]), "batch_size": 2}
    for body in ("order.split(size)", "[order[:2], order[2:]]", "[order[:2].tolist(), order[2:].numpy()]"):
        seen = ask(f"def f(order, size):\n    return {body}\n", "f", "batches", arguments)
        assert [batch.tolist() for batch in seen.values["batches"]] == [[2, 0], [1]]
        assert seen.faults == ()


# -- datasets, loaders, optimizers -------------------------------------------------------------------------------

DATA = {"x": np.array([[0.0], [1.0], [2.0]]), "y": np.array([[5.0], [6.0], [7.0]])}


def test_a_dataset_is_read_item_by_item():
    """Length, and the stacked x and y of all items."""
    source = HEAD + (
        "class L(Dataset):\n    def __init__(self, x, y): self.x, self.y = x, y\n    def __len__(self): return len(self.x)\n"
        "    def __getitem__(self, i): return self.x[i], self.y[i]\nclass T(TensorDataset):\n    pass\n"
        "class S(L):\n    def __getitem__(self, i): return self.x[i]\nclass Short(L):\n    def __len__(self): return 2\n"
        "class R(L):\n    def __getitem__(self, i): raise KeyError(i)\n"
    )
    for name in ("L", "T"):
        seen = ask(source, name, "dataset", DATA)
        assert seen.values["length"] == 3
        assert np.array_equal(seen.values["x"], DATA["x"])
        assert np.array_equal(seen.values["y"], DATA["y"])
        assert seen.values["item"] == "(Tensor, Tensor)"
        assert seen.dtypes == {"x": "float64", "y": "float64"}
    assert ask(source, "Short", "dataset", DATA).values["length"] == 2
    assert "a pair (x, y) is asked for" in sentences(ask(source, "S", "dataset", DATA))
    assert ask(source, "R", "dataset", DATA).error.type == "KeyError"


def test_a_loader_is_iterated_twice():
    """Two passes, each a list of [x, y] per batch; the given dataset and order are used."""
    arguments = {"dataset": DATA, "batch_size": 2, "order": [2, 0, 1]}
    source = HEAD + "def f(dataset, batch_size, order):\n    return {}\n"
    seen = ask(source.format("DataLoader(dataset, batch_size=batch_size, sampler=order)"), "f", "loader", arguments)
    for name in ("first", "second"):
        assert [x.ravel().tolist() for x, _ in seen.values[name]] == [[2.0, 0.0], [1.0]]
        assert [y.ravel().tolist() for _, y in seen.values[name]] == [[7.0, 5.0], [6.0]]
    assert "returns None" in sentences(ask(source.format("None"), "f", "loader", arguments))
    assert ask(source.format("3"), "f", "loader", arguments).error.type == "TypeError"
    assert "(x, y) is asked for" in sentences(ask(source.format("[torch.ones(3)]"), "f", "loader", arguments))


TRAIN = {
    "model": {"features": 1, "weight": np.array([[2.0]]), "bias": np.array([1.0])},
    "loader": {"x": np.array([[1.0], [2.0], [3.0]]), "y": np.zeros((3, 1)), "batch_size": 2, "order": [2, 0, 1]},
    "lr": 0.25,
    "epochs": 1,
}


def test_a_loop_with_an_optimizer_is_watched():
    """Batch (3, 1): errors 7, 3, loss 29; w -= 0.25 * (3*7 + 1*3), b -= 0.25 * 10; then x = 2 alone."""
    source = HEAD + (
        "def f(model, loader, lr, epochs):\n    step = torch.optim.SGD(model.parameters(), lr=lr)\n    losses = []\n"
        "    for _ in range(epochs):\n        for x, y in loader:\n            step.zero_grad()\n"
        "            loss = nn.MSELoss()(model(x), y)\n            loss.backward()\n            step.step()\n"
        "            losses.append(loss.item())\n    return losses\n"
    )
    seen = ask(source, "f", "optimizer", TRAIN)
    w, b = 2 - 0.25 * 24, 1 - 0.25 * 10
    error = 2 * w + b
    assert np.array_equal(seen.values["losses"], [29.0, error**2])
    assert np.allclose(seen.values["final"], [w - 0.25 * 4 * error, b - 0.25 * 2 * error], rtol=1e-14)
    assert np.array_equal(seen.values["seen"], [[2.0, 1.0], [w, b]])
    assert seen.values["samples"].tolist() == [2, 1]
    assert seen.dtypes["final"] == "float64"
    assert ask(source, "f", "optimizer", TRAIN, dtype="float32").dtypes["final"] == "float32"
    wide = {**TRAIN, "model": {**TRAIN["model"], "dtype": "float64"}}
    assert ask(source, "f", "optimizer", wide, dtype="float32").dtypes["final"] == "float64"


def test_a_loop_that_changes_its_data():
    """The data of the loader come back as they are after the call; None is no list of losses."""
    source = "def f(model, loader, lr, epochs):\n    loader.dataset.tensors[0].mul_(2)\n"
    seen = ask(source, "f", "optimizer", TRAIN)
    assert [fault[0] for fault in seen.faults] == ["returns-none"]
    assert np.array_equal(seen.after["loader"]["x"], 2 * TRAIN["loader"]["x"])
    kept = ask("def f(model, loader, lr, epochs):\n    return [1.0]\n", "f", "optimizer", TRAIN)
    assert kept.after["loader"] is TRAIN["loader"]


# -- signatures --------------------------------------------------------------------------------------------------


def test_a_signature_is_text():
    """Annotations as written and as they resolve; names that exist for the type checker only stay unresolved."""
    source = (
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING, List, Optional\nfrom torch import Tensor\n"
        "if TYPE_CHECKING:\n    from nowhere import Figure\nVec = List[float]\n"
        "def f(x: Tensor, y: Vec, z: Optional[int] = None, *rest, **more) -> Figure:\n    return None\n"
    )
    seen = ask(source, "f", "signature", {})
    assert seen.values["parameters"] == [
        ["x", "Tensor", "torch.Tensor", False, "positional or keyword"],
        ["y", "Vec", "list[float]", False, "positional or keyword"],
        ["z", "Optional[int]", "None | int", True, "positional or keyword"],
        ["rest", "", "", False, "var positional"],
        ["more", "", "", False, "var keyword"],
    ]
    assert seen.values["returns"] == ["Figure", ""]


def test_a_stub_has_a_signature():
    """Hints are read without calling, so a stub has them too."""
    seen = ask("def f(x: float) -> float:\n    raise NotImplementedError\n", "f", "signature", {})
    assert seen.outcome == "returned"
    assert seen.values["returns"] == ["float", "float"]


def test_a_class_has_methods():
    """The signature of a class is that of its methods, and its bases."""
    source = HEAD + (
        "class L(Dataset[tuple[Tensor, Tensor]]):\n    def __init__(self, x: Tensor) -> None: ...\n    def __len__(self) -> int: ...\n"
    )
    seen = ask(source, "L", "signature", {})
    assert [method[0] for method in seen.values["methods"]] == ["__init__", "__len__"]
    assert seen.values["bases"] == ["torch.utils.data.dataset.Dataset[tuple[torch.Tensor, torch.Tensor]]"]
