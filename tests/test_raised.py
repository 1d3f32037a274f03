"""Each slip is made for real in torch, and its exception recognised."""

from __future__ import annotations

import numpy as np
import pytest

from graders.engine.observation import Frame, Raised
from graders.engine.raised import recognise
from tests.support.cells import ask

DATA = {"x": np.array([[1.0], [2.0]]), "y": np.array([[3.0], [5.0]])}
LEAVES = "w = torch.tensor(0.5, dtype=x.dtype, requires_grad=True)\n    b = torch.tensor(0.25, dtype=x.dtype, requires_grad=True)\n"
LOSS = "loss = ((w * x + b - y) ** 2).mean()"


def loop(step, loss=LOSS, backward="loss.backward()"):
    """Return a training loop of three epochs around a step."""
    lines = [loss, backward, *step.split("\n")]
    return LEAVES + "    for _ in range(3):\n" + "".join(f"        {line}\n" for line in lines)


SLIPS = {
    "rebinding-loses-grad": [
        loop("w = w - 0.1 * w.grad\nb = b - 0.1 * b.grad"),
        loop("w = w - 0.1 * w.grad\nw.grad.zero_()"),
        loop("with torch.no_grad():\n    w = w - 0.1 * w.grad\n    b = b - 0.1 * b.grad"),
        loop("w = w.detach() - 0.1 * w.grad\nb = b.detach() - 0.1 * b.grad"),
        loop("w = torch.sub(w, w.grad)\nb = torch.sub(b, b.grad)"),
        loop("w = w - 0.1 * w.grad.data\nb = b - 0.1 * b.grad.data"),
        loop(
            "with torch.no_grad():\n    w = w - 0.1 * g[0]\n    b = b - 0.1 * g[1]",
            backward="g = torch.autograd.grad(loss, (w, b))",
        ),
    ],
    "in-place-on-leaf": [
        loop("w -= 0.1 * w.grad"),
        loop("w.sub_(0.1 * w.grad)"),
        "v = torch.ones(2, requires_grad=True)\n    v[0] -= 1.0",
    ],
    "no-grad-around-forward": [
        loop("pass", loss=f"with torch.no_grad(): {LOSS}"),
        "w = torch.tensor(0.5)\n    ((w * x - y) ** 2).mean().backward()",
        LEAVES + f"    {LOSS}\n    torch.autograd.grad(loss.detach(), (w, b))",
        "w = torch.tensor(0.5); v = torch.ones(1, requires_grad=True)\n    torch.autograd.grad((v * x).sum(), [w])",
    ],
    "item-before-backward": [
        loop("pass", loss=LOSS + ".item()"),
        loop("pass", loss=LOSS + ".detach().numpy()"),
        LEAVES + f"    {LOSS}.item()\n    torch.autograd.grad(loss, (w, b))",
    ],
    "graph-reused": [
        LEAVES + f"    {LOSS}\n    for _ in range(2): loss.backward()",
        LEAVES + f"    {LOSS}\n    torch.autograd.grad(loss, w)\n    torch.autograd.grad(loss, b)",
    ],
    "loss-not-scalar": [
        loop("pass", loss="loss = (w * x + b - y) ** 2"),
        loop("pass", loss="loss = (w * x + b - y) ** 2", backward="torch.autograd.grad(loss, w)"),
    ],
    "integer-parameters": [
        "torch.tensor(5, requires_grad=True)",
        "torch.tensor(5).requires_grad_()",
        "v = torch.tensor(5)\n    v.requires_grad = True",
        "torch.nn.Parameter(torch.tensor(5))",
        "v = torch.tensor(5)\n    v -= 0.1",
        "torch.arange(5).mean()",
    ],
    "dtype-mismatch": [
        "torch.nn.Linear(1, 1)(x)",
        "x.T @ torch.ones(2, 1)",
        "torch.dot(x[:, 0], torch.ones(2))",
        "torch.mv(x, torch.ones(1))",
        "torch.einsum('ij,ij->', x, torch.ones(2, 1))",
        "v = torch.tensor(0.5, requires_grad=True)\n    v.grad = torch.tensor(0.5, dtype=x.dtype)",
    ],
    "device-mismatch": ["x + torch.ones(2, 1, device='meta')", "torch.ones(2, device='meta').numpy()"],
}


@pytest.mark.parametrize(
    ("mistake", "body"),
    [pytest.param(k, body, id=f"{k}-{i}") for k, bodies in SLIPS.items() for i, body in enumerate(bodies)],
)
def test_a_slip_is_recognised(mistake, body):
    """The exception of this torch, from this slip, is named by its id."""
    seen = ask(f"import torch\ndef f(x, y):\n    {body}\n", "f", "tensor", DATA)
    assert seen.outcome == "raised"
    assert recognise(seen.error, seen.values) == mistake


@pytest.mark.parametrize(
    "body",
    [
        "return undefined",
        "1 / 0",
        "return x[5]",
        "return x @ x",
        "w = torch.tensor(0.5, requires_grad=True)\n    with torch.no_grad(): w -= 0.1 * w.grad",
        "None.zero_()",
        "x = None\n    return 2 * x",
        "return x.backwards",
        "return torch.tensor(1.0, requires_grad=True).numpy()",
    ],
)
def test_any_other_exception_has_no_name(body):
    """An unknown slip gets no id: also a gradient that is None because nothing was ever run backward."""
    seen = ask(f"import torch\ndef f(x, y):\n    {body}\n", "f", "tensor", DATA)
    assert seen.outcome == "raised"
    assert recognise(seen.error, seen.values) is None


@pytest.mark.parametrize(
    ("message", "mistake"),
    [
        (
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
            "device-mismatch",
        ),
        (
            (
                "Expected all tensors to be on the same device, but got mat2 is on cpu, different from other tensors on cuda:0 "
                "(when checking argument in method wrapper_CUDA_addmm)"
            ),
            "device-mismatch",
        ),
        ("indices should be either on cpu or on the same device as the indexed tensor (cpu)", "device-mismatch"),
        ("Expected a 'cuda' device type for generator but found 'cpu'", "device-mismatch"),
        ("mat1 and mat2 shapes cannot be multiplied (2x1 and 2x1)", None),
    ],
)
def test_messages_that_need_an_accelerator(message, mistake):
    """The texts torch has for two devices, taken from its own library."""
    assert recognise(Raised("RuntimeError", message)) == mistake


def test_update_on_rebound_parameters():
    """In `update` the gradients stand for a backward pass, so a lost gradient is a rebound name."""
    arguments = {"w": np.array(1.0), "b": np.array(2.0), "lr": 0.5}
    source = "def f(w, b, lr):\n    w = w - lr * w.grad\n    w.grad.zero_()\n"
    seen = ask(source, "f", "update", arguments, options={"dw": 1.0, "db": 1.0})
    assert recognise(seen.error, seen.values) == "rebinding-loses-grad"


def test_without_a_note_the_message_decides():
    """Without the count of backward passes a missing graph is the forward's, a missing gradient the rebinding's."""
    frame = Frame("1", 3, "w.grad.zero_()", "f")
    lost = Raised("AttributeError", "'NoneType' object has no attribute 'zero_'", (frame,))
    assert recognise(lost) == "rebinding-loses-grad"
    text = "element 0 of tensors does not require grad and does not have a grad_fn"
    assert recognise(Raised("RuntimeError", text)) == "no-grad-around-forward"
