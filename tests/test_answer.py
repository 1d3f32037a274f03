"""One question, one answer: outcomes, exceptions, global state, arguments."""

from __future__ import annotations

import random
import warnings

import matplotlib as mpl
import numpy as np
import pytest
import torch

from graders.engine.observation import Question
from graders.engine.worker.answer import answer
from tests.support.cells import namespace

mpl.use("Agg")
X = np.array([[0.0], [1.0], [3.0]])
LINE = "import torch\ndef double(x):\n    return 2 * x\n"


def ask(source, function="double", probe="tensor", arguments=None, **more):
    """Answer one question on a cell."""
    return answer(namespace(source), Question(function, probe, {"x": X} if arguments is None else arguments, **more))


def test_a_right_function_returns_numbers():
    """Value, dtype and the arguments afterwards arrive as plain numpy arrays."""
    seen = ask(LINE)
    assert seen.outcome == "returned"
    assert np.array_equal(seen.values["value"], 2 * X)
    assert seen.dtypes == {"value": "float64"}
    assert np.array_equal(seen.after["x"], X)
    assert seen.faults == ()


def test_float32_arguments_give_float32():
    """The judged dtype is the dtype of the arguments; an unchanged argument comes back as it was sent."""
    third = X / 3
    seen = ask(LINE, arguments={"x": third}, dtype="float32")
    assert seen.dtypes == {"value": "float32"}
    assert np.array_equal(seen.values["value"], 2 * third.astype(np.float32))
    assert np.array_equal(seen.after["x"], third)


@pytest.mark.parametrize("source", ["y = 1", "double = 3", "double = None"])
def test_a_function_that_is_not_there(source):
    """No such name, or a name that is no function, is missing."""
    assert ask(source).outcome == "missing"


@pytest.mark.parametrize(
    "body",
    [
        'raise NotImplementedError("write double here")',
        '"""Double."""\n    raise NotImplementedError("write double here")',
        "raise NotImplementedError",
        "raise NotImplementedError()",
        "pass",
        "...",
        '"""Double."""',
        '"""Double."""\n    pass',
    ],
)
def test_an_untouched_stub_is_not_attempted(body):
    """A body that holds the stub's line, pass, an ellipsis or a docstring only is no attempt."""
    assert ask(f"def double(x):\n    {body}\n").outcome == "not-attempted"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("return None", "returned"),
        ("return", "returned"),
        ("y = 2 * x\n    raise NotImplementedError('write double here')", "raised"),
        ("if x is None:\n        raise NotImplementedError", "returned"),
        ("raise NotImplementedError('write double here')\n    return 2 * x", "raised"),
        ("raise ValueError('no')", "raised"),
    ],
)
def test_an_attempt_is_not_taken_for_a_stub(body, outcome):
    """A written return, or code beside the stub's line, is an attempt."""
    assert ask(f"def double(x):\n    {body}\n").outcome == outcome


def test_a_class_of_stubs_is_not_attempted():
    """A class is untouched as long as each of its methods is."""
    source = "class Line:\n    def __init__(self, x, y):\n        raise NotImplementedError\n    def __len__(self):\n        pass\n"
    seen = ask(source, "Line", "dataset", {"x": X, "y": X})
    assert seen.outcome == "not-attempted"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return double(x)", "RecursionError"),
        ("raise type('Odd', (BaseException,), {})('odd')", "Odd"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("exit()", "SystemExit"),
    ],
)
def test_whatever_leaves_the_function_is_caught(body, kind):
    """Every exception is the student's, with its type and the line in the cell."""
    if "exit()" in body:
        body = "import sys; sys.exit()"
    seen = ask(f"def double(x):\n    {body}\n")
    assert seen.outcome == "raised"
    assert seen.error.type == kind
    assert seen.error.frames[-1].function == "double"


def test_frames_are_the_students_own():
    """Frames of torch and of the grader are left out; cell, line and source name the place."""
    seen = ask("import torch\ndef helper(x):\n    return x @ x\n\ndef double(x):\n    return helper(x)\n")
    assert seen.error.type == "RuntimeError"
    assert [(f.cell, f.line, f.source, f.function) for f in seen.error.frames] == [
        ("1", 6, "return helper(x)", "double"),
        ("1", 3, "return x @ x", "helper"),
    ]


def test_a_long_message_is_cut():
    """No more than 2000 characters of a message, 20 frames and 10,000 characters of output are kept."""
    seen = ask("def double(x):\n    print('y' * 50_000)\n    raise ValueError('x' * 5000)\n")
    assert len(seen.error.message) == 2000
    assert len(seen.text) == 10_000
    seen = ask("def double(x):\n    return double(x) + 1\n")
    assert len(seen.error.frames) == 20


def test_an_exception_that_cannot_be_printed():
    """An exception whose text raises has an empty message."""
    source = "class Bad(Exception):\n    def __str__(self):\n        raise ValueError\ndef double(x):\n    raise Bad\n"
    seen = ask(source)
    assert (seen.error.type, seen.error.message) == ("Bad", "")


@pytest.mark.parametrize(
    "line",
    [
        "torch.set_default_dtype(torch.float64)",
        "torch.set_grad_enabled(False)",
        "torch.inference_mode().__enter__()",
        "torch.autograd.set_detect_anomaly(True)",
        "torch.use_deterministic_algorithms(True)",
        "torch.set_default_device('meta')",
        "import numpy as np; np.seterr(all='raise')",
        "import warnings; warnings.simplefilter('error')",
        "import sys; sys.setrecursionlimit(200)",
    ],
)
def test_global_state_of_the_cells_does_not_count(line):
    """A right function stays right after a cell that changes a global switch."""
    import sys

    limit, dtype, errors = sys.getrecursionlimit(), torch.get_default_dtype(), np.geterr()
    source = (
        "import warnings\nimport numpy as np\nimport torch\ndef double(x):\n    w = torch.tensor(2.0, dtype=x.dtype, requires_grad=True)\n"
        "    (w * x).sum().backward()\n    warnings.warn('odd')\n    np.float64(1) / np.float64(0)\n"
        "    assert torch.zeros(1).dtype == torch.float32\n    return (w * x).detach() + 0 * w.grad\n"
    )
    space = namespace(source)
    entered = []
    try:
        with warnings.catch_warnings():
            if "inference" in line:
                mode = torch.inference_mode()
                mode.__enter__()
                entered.append(mode)
            else:
                exec(line, {"torch": torch})
            seen = answer(space, Question("double", "tensor", {"x": X}))
    finally:
        for mode in entered:
            mode.__exit__(None, None, None)
        torch.set_default_device(None)
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(True)
        torch.autograd.set_detect_anomaly(False)
        torch.use_deterministic_algorithms(False)
        np.seterr(**errors)
        sys.setrecursionlimit(limit)
    assert seen.outcome == "returned", seen.error
    assert np.array_equal(seen.values["value"], 2 * X)


def test_a_call_leaves_the_global_state_alone():
    """What a function switches is switched back: dtype, grad mode, random states, warnings, figures."""
    import matplotlib.pyplot as plt

    source = (
        "import random, warnings, numpy as np, torch, matplotlib.pyplot as plt\ndef double(x):\n"
        "    torch.set_default_dtype(torch.float64); torch.set_grad_enabled(False); torch.manual_seed(1)\n"
        "    random.seed(1); np.random.seed(1); np.seterr(all='raise'); warnings.simplefilter('error'); plt.figure()\n"
        "    return 2 * x\n"
    )
    state, python_state, errors = torch.get_rng_state(), random.getstate(), np.geterr()
    mine = plt.figure()
    assert ask(source).outcome == "returned"
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), state)
    assert random.getstate() == python_state
    assert np.geterr() == errors
    assert plt.get_fignums() == [mine.number]
    plt.close(mine)


def test_output_and_warnings_are_captured():
    """Prints and warnings go to the text of the answer and nowhere else."""
    seen = ask(
        "import sys, warnings\ndef double(x):\n    print('hello'); print('oh', file=sys.stderr); warnings.warn('w')\n    return 2 * x\n"
    )
    assert seen.text == "hello\noh\n"


@pytest.mark.parametrize(
    "line",
    ["x *= 0", "x.add_(1)", "x[0] = 7", "x.data = x.data[:1]", "x.resize_(1, 3)", "x.copy_(x + 1)", "x.squeeze_()"],
)
def test_a_changed_argument_is_seen(line):
    """The argument comes back as the function left it, shape included."""
    seen = ask(f"def double(x):\n    {line}\n    return 2 * x\n")
    assert seen.outcome == "returned", seen.error
    assert seen.after["x"].shape != X.shape or not np.array_equal(seen.after["x"], X)


@pytest.mark.parametrize(
    "line",
    [
        "orders[0][0] = 9",
        "orders.pop()",
        "orders.reverse()",
        "orders[0] = orders[1]",
        "orders.append(1)",
        "orders[:] = 'ab'",
    ],
)
def test_a_changed_list_is_seen(line):
    """A list of orders comes back as the function left it."""
    orders = [np.arange(3), np.array([2, 0, 1])]
    seen = ask(f"def double(x, orders):\n    {line}\n    return 2 * x\n", arguments={"x": X, "orders": orders})
    now = seen.after["orders"]
    assert len(now) != 2 or not all(np.array_equal(a, b) for a, b in zip(now, orders, strict=True))
    kept = ask("def double(x, orders):\n    return 2 * x\n", arguments={"x": X, "orders": orders})
    assert kept.after["orders"] is orders


def test_a_changed_mapping_is_seen():
    """A mapping of losses comes back as the function left it; a History as its three columns."""
    run = {"w": [1.0, 2.0], "b": [0.0, 0.0], "loss": [3.0]}
    arguments = {"losses": {"a": [3.0, 1.0]}, "runs": {"one": run}}
    source = "def double(losses, runs):\n    losses['a'].append(1.0); runs['one'].w.append(9.0); return 1.0\n"
    seen = ask(source, arguments=arguments)
    assert seen.outcome == "returned", seen.error
    assert seen.after["losses"] == {"a": [3.0, 1.0, 1.0]}
    assert seen.after["runs"]["one"]["w"] == [1.0, 2.0, 9.0]


def test_integer_arrays_arrive_as_long_tensors():
    """Orders are LongTensors on the CPU in every dtype."""
    source = "import torch\ndef double(order):\n    assert order.dtype == torch.int64\n    return order * 2\n"
    seen = ask(source, arguments={"order": np.arange(3)}, dtype="float32")
    assert seen.dtypes == {"value": "int64"}


def test_an_earlier_call_comes_first():
    """The earlier arguments are used for a first call, whose state the second call meets."""
    source = "kept = []\ndef double(x):\n    kept.append(x)\n    return 2 * kept[0]\n"
    seen = ask(source, earlier={"x": X[:1]})
    assert seen.values["value"].shape == (1, 1)
    seen = ask(
        "def double(x):\n    if len(x) == 1: raise ValueError('short')\n    return 2 * x\n", earlier={"x": X[:1]}
    )
    assert (seen.outcome, seen.error.message) == ("raised", "short")


def test_grad_mode_is_reset_between_the_two_calls():
    """A function that switches gradients off in its first call finds them on in its second."""
    source = "import torch\ndef double(x):\n    on = torch.is_grad_enabled(); torch.set_grad_enabled(False); return x + int(on)\n"
    assert np.array_equal(ask(source, earlier={"x": X}).values["value"], X + 1)


def test_an_unknown_probe_is_our_own_failure():
    """A question nobody can answer is an error of the grader, never of the student."""
    with pytest.raises(KeyError, match="no probe"):
        ask(LINE, probe="nonsense")
