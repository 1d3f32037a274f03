"""``check(train_batch)``: one display, clear sentences for bad input, an error only where errors are counted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import graders
from graders.frontends import checking
from graders.frontends.checking import CheckFailed, check, examine

SLUG = "ps3_batch_descent"
ROOT = Path(graders.__file__).parents[1]
GIVE_IT_ITSELF = "check takes the function itself, such as check(train_batch), and calls it on its own."
ONE_LINE = "train_batch · all"

RIGHT = '''
def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    """Train."""
    w, b = w0, b0
    ws, bs, losses = [w.item()], [b.item()], []
    for epoch in range(epochs):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        ws.append(w.item())
        bs.append(b.item())
        print("epoch", epoch)
    return History(ws, bs, losses)
'''
WRONG = RIGHT.replace("lr * 2 *", "lr *")
STUB = RIGHT.partition("    w, b = w0")[0] + '    raise NotImplementedError("write train_batch here")\n'
SETUP = "import torch\nfrom torch import Tensor\nfrom graders import History, check\n"


@pytest.fixture(scope="session")
def key_text():
    """The public key as it is given out."""
    return (ROOT / "assignments" / SLUG / f"{SLUG}.key.json").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch, key_text):
    """A student's folder: the public key, and the current folder of this process."""
    for variable in checking.GRADED_BY_ERRORS:
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / f"{SLUG}.key.json").write_text(key_text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def defined(source, name="train_batch"):
    names = {}
    exec(SETUP + source, names)
    return names[name]


def test_a_right_function_gets_one_line(folder, capsys):
    """A right function: one calm line, nothing of what it prints, and no value."""
    assert check(defined(RIGHT)) is None
    out, err = capsys.readouterr()
    assert out.startswith(ONE_LINE)
    assert out.endswith("6 of 6 points\n")
    assert out.count("\n") == 1
    assert err == ""


def test_a_wrong_function_gets_the_report(folder, capsys):
    """A wrong function: what agrees, what differs, the numbers, the next step; no exception."""
    check(defined(WRONG))
    out = capsys.readouterr().out
    assert out.startswith("train_batch · three points, lr 0.0625, 3 updates")
    assert "of 6 points\n" in out.splitlines(keepends=True)[0]
    assert "  Differs     " in out
    assert "yours       expected    allowed" in out
    assert "epoch" not in out.replace("epochs", "").replace("(epoch", "")


def test_a_stub_gets_a_friendly_line(folder, capsys):
    """What is not attempted yet is said so, without a traceback."""
    check(defined(STUB))
    out = capsys.readouterr().out
    assert out.startswith("train_batch · not attempted")
    assert "Traceback" not in out


def test_another_name_for_a_function(folder):
    """A function with a name of its own is checked as the exercise it is said to answer."""
    mine = defined(RIGHT)
    mine.__name__ = "my_version"
    assert examine(mine, "train_batch").status == "passed"


@pytest.mark.parametrize("variable", checking.GRADED_BY_ERRORS)
@pytest.mark.parametrize("source", [WRONG, STUB], ids=["wrong", "stub"])
def test_nbgrader_counts_errors(folder, monkeypatch, capsys, variable, source):
    """While nbgrader runs the notebook, what does not pass raises with the whole report, in lines it does not cut."""
    monkeypatch.setenv(variable, "1")
    with pytest.raises(CheckFailed) as caught:
        check(defined(source))
    assert str(caught.value).startswith("train_batch · ")
    assert max(map(len, str(caught.value).splitlines())) <= checking.VALIDATE_WIDTH
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert capsys.readouterr().out == ""


def test_a_right_function_passes_under_nbgrader(folder, monkeypatch, capsys):
    """What passes does not raise, and writes nothing on stderr."""
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    check(defined(RIGHT))
    out, err = capsys.readouterr()
    assert out.startswith(ONE_LINE)
    assert err == ""


@pytest.mark.parametrize(
    ("given", "name", "sentence"),
    [
        (
            "train_batch",
            None,
            "check takes the function itself, without quotes: check(train_batch).",
        ),
        (
            "train",
            None,
            f"{GIVE_IT_ITSELF} It was given an object of type str.",
        ),
        (
            None,
            None,
            f"{GIVE_IT_ITSELF} It was given None.",
        ),
        (
            lambda: None,
            None,
            'This function has no name. Say which exercise it answers: check(function, "train_batch").',
        ),
        (
            print,
            7,
            'This function has no name. Say which exercise it answers: check(function, "train_batch").',
        ),
        (print, "train_bach", "No exercise is called train_bach. Did you mean train_batch?"),
        (
            print,
            None,
            "No exercise is called print. The name of your function is the name of the exercise.",
        ),
        (
            print,
            "zzz\x1b",
            "No exercise is called zzz\\x1b. The name of your function is the name of the exercise.",
        ),
        (
            print,
            "mse",
            "ps1_model_and_loss.key.json is missing. It comes with the assignment; put it into the folder of your notebook and run this cell again.",
        ),
    ],
)
def test_bad_input_gets_a_sentence(folder, capsys, monkeypatch, given, name, sentence):
    """Whatever is not a function of the course gets its own sentence, and an error where errors are counted."""
    check(given, name)
    assert " ".join(capsys.readouterr().out.split()) == sentence
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    with pytest.raises(CheckFailed):
        check(given, name)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "ps3_batch_descent.key.json cannot be used: the key file is damaged"),
        ("[]", "ps3_batch_descent.key.json cannot be used: the key file is damaged"),
        ('{"schema": "descentlab-key/1"}', "ps3_batch_descent.key.json cannot be used: the key file is damaged"),
        (
            '{"schema": "descentlab-key/99", "keys": []}',
            "ps3_batch_descent.key.json cannot be used: the key file has the form 'descentlab-key/99'",
        ),
        ('{"schema": "descentlab-key/1", "keys": []}', "ps3_batch_descent.key.json has no entry for train_batch"),
        (b"\xff\xfe", "ps3_batch_descent.key.json cannot be read"),
    ],
    ids=["empty", "no-object", "no-keys", "other-version", "no-entry", "no-text"],
)
def test_an_unusable_key_gets_a_sentence(folder, capsys, text, sentence):
    """A damaged key, or one of another version, is named, never guessed around."""
    data = text if isinstance(text, bytes) else text.encode()
    (folder / f"{SLUG}.key.json").write_bytes(data)
    check(defined(RIGHT))
    assert " ".join(capsys.readouterr().out.split()).startswith(sentence)


@pytest.mark.parametrize(
    ("place", "here"),
    [(".", "."), (".", "deep/down"), (SLUG, "."), (f"assignments/{SLUG}", "solutions")],
)
def test_where_the_key_is_found(folder, monkeypatch, place, here):
    """The key is found beside the notebook, above it, and in the assignment's own folder."""
    file = folder / place / f"{SLUG}.key.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    if place != ".":
        shutil.move(folder / f"{SLUG}.key.json", file)
    (folder / here).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder / here)
    assert checking.key_file(SLUG) == file


def test_a_new_key_is_read_again(folder):
    """A key that is replaced while the notebook runs counts at once."""
    function = defined(RIGHT)
    assert examine(function).status == "passed"
    file = folder / f"{SLUG}.key.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(checking.CannotCheck):
        examine(function)


def test_stopping_the_cell_stops_the_check(folder):
    """Ctrl-C inside the student's function ends the check, not one call of it."""
    with pytest.raises(KeyboardInterrupt):
        check(defined(RIGHT.replace("    w, b = w0, b0", "    raise KeyboardInterrupt")))


def test_our_own_failure_is_ours(folder, capsys, monkeypatch):
    """When the check itself breaks, it says so."""

    def broken(*_, **__):
        raise RuntimeError("no \x1b[31m luck")

    monkeypatch.setattr("graders.engine.judge.judge", broken)
    check(defined(RIGHT))
    assert capsys.readouterr().out == (
        "The check failed, not you: RuntimeError: no \\x1b[31m luck\nPlease tell your instructor.\n"
    )


def test_importing_graders_is_light():
    """``from graders import check`` loads neither torch nor numpy nor matplotlib."""
    code = (
        "import sys; from graders import check; print({'torch', 'numpy', 'matplotlib', 'IPython'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "set()\n"


def notebook(cells, path):
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    for number, (source, marks) in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source, id=f"c{number}")
        if marks:
            cell.metadata["nbgrader"] = {"schema_version": 3, "task": False, **marks}
        made.cells.append(cell)
    nbformat.write(made, path)
    return made


def marks(name):
    return {"grade": True, "grade_id": f"check_{name}", "locked": True, "points": 6.0, "solution": False}


def environment():
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "IPYTHONDIR": str(Path.cwd() / ".ipython")}


@pytest.mark.slow
def test_one_output_in_a_real_kernel(folder, monkeypatch):
    """In a notebook a check is exactly one display with HTML and text, the picture inside, and no second value."""
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    plotting = "import matplotlib.pyplot as plt\n" + WRONG.replace(
        "    w, b = w0", "    plt.plot([1]); plt.show(); display('noise')\n    w, b = w0"
    )
    made = notebook(
        [(SETUP, None), (plotting, None), ("check(train_batch)", None), ("check(3)", None)], folder / "a.ipynb"
    )
    NotebookClient(made, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    (shown,) = made.cells[2].outputs
    assert shown.output_type == "display_data"
    assert shown.data["text/plain"].startswith("train_batch · three points")
    assert shown.data["text/html"].count('<img src="data:image/svg+xml;base64,') == 1
    (message,) = made.cells[3].outputs
    assert message.data["text/plain"].startswith("check takes the function itself")


@pytest.mark.slow
@pytest.mark.parametrize("source", [RIGHT, WRONG, STUB], ids=["right", "wrong", "stub"])
def test_the_real_nbgrader_validate(folder, source):
    """``nbgrader validate`` passes what is right, and shows the whole report, uncut and without a traceback, otherwise."""
    notebook([(SETUP, None), (source, None), ("check(train_batch)", marks("train_batch"))], folder / "a.ipynb")
    command = [sys.executable, "-m", "nbgrader", "validate", "a.ipynb"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment(), check=False)
    if source == RIGHT:
        assert "Success! Your notebook passes all the tests." in done.stdout, done.stderr
        return
    assert "VALIDATION FAILED ON 1 CELL(S)!" in done.stdout, done.stderr
    shown = done.stdout.split("The error was:")[1]
    assert "    train_batch · " in shown
    assert "Traceback" not in shown
    assert "CheckFailed" not in shown
    assert not [line for line in shown.splitlines() if line.endswith("...")]


def test_the_key_beside_the_notebook_holds_numbers_only(key_text):
    """What a student gets has no code of the solution in it."""
    document = json.loads(key_text)
    assert {record["exercise"] for record in document["keys"]} == {"train_batch", "plot_losses"}
    assert "def " not in key_text
