"""``pytest graders --submission PATH``: one test a case, reports as messages, and no trouble for anyone else's pytest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree as ET

import nbformat
import pytest

import graders
from graders.engine.verdict import CaseResult, ExerciseVerdict, Report, SubmissionVerdict
from graders.frontends.pytest_plugin import concerns
from graders.test_submission import case_problem, hints_problem, left_out, run_words

ROOT = Path(graders.__file__).parents[1]
SLUG = "ps3_batch_descent"
HEADER = "import torch\nfrom torch import Tensor\nfrom graders import History\n"
RIGHT = """
def train_batch(x: Tensor, y: Tensor, w0: Tensor, b0: Tensor, lr: float, epochs: int) -> History:
    w, b = w0, b0
    ws, bs, losses = [w.item()], [b.item()], []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append((error**2).mean().item())
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        ws.append(w.item())
        bs.append(b.item())
    return History(ws, bs, losses)
"""
WRONG = RIGHT.replace("lr * 2 *", "lr *")
UNHINTED = RIGHT.replace("lr: float, epochs: int) -> History", "lr, epochs)")
STUB = 'def train_batch(x, y, w0, b0, lr, epochs):\n    raise NotImplementedError("write train_batch here")\n'


def run_pytest(*arguments, cwd=ROOT):
    """Run pytest in a process of its own, with the plug-in loaded as the entry point does it."""
    named = [entry.name for entry in entry_points(group="pytest11")]
    load = [] if "descentlab" in named or cwd == ROOT else ["-p", "graders.frontends.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *load, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def outcomes(file):
    """Return {test id: (outcome, message)} of a JUnit file."""
    found = {}
    for case in ET.parse(file).iter("testcase"):
        child = next(iter(case), None)
        name = case.get("name").removeprefix("test_case[").removesuffix("]")
        text = "" if child is None else "\n".join(filter(None, [child.get("message"), child.text]))
        found[name] = ("passed" if child is None else child.tag, text)
    return found


def test_the_plugin_is_light():
    """Loading it, as every pytest run of anyone does, imports nothing but graders' own empty packages."""
    code = (
        "import sys, pytest; before = set(sys.modules); import graders.frontends.pytest_plugin; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "['graders', 'graders.frontends', 'graders.frontends.pytest_plugin']"


def test_other_projects_keep_their_options(tmp_path):
    """A project that has --device, --seed and --assignment of its own is not disturbed."""
    (tmp_path / "conftest.py").write_text(
        "def pytest_addoption(parser):\n"
        "    for name in ('--device', '--seed', '--assignment', '--trust-submissions'):\n"
        "        parser.addoption(name, default='theirs')\n"
    )
    (tmp_path / "test_it.py").write_text(
        "def test_it(request):\n    assert request.config.getoption('--device') == 'mine'\n"
        "    assert request.config.getoption('--seed') == 'theirs'\n"
    )
    done = run_pytest("--device=mine", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "descentlab" not in done.stdout


def test_help_names_the_options():
    """``pytest graders --help`` shows one titled group with every option."""
    done = run_pytest("graders", "--help")
    group = done.stdout.split("descentlab: grade submissions with pytest graders --submission PATH:")[1].split("\n\n")[
        0
    ]
    for option in (
        "--submission=PATH",
        "--assignment=SLUG",
        "--device={auto,cpu,cuda}",
        "--seed=",
        "--trust-submissions",
    ):
        assert option in group


@pytest.mark.parametrize(
    ("line", "ours"),
    [
        ("graders", True),
        ("graders/test_submission.py", True),
        ("./graders/test_submission.py::test_case", True),
        ("tests --submission x", True),
        ("--submission=x", True),
        ("--pyargs graders", True),
        ("--pyargs graders.test_submission", True),
        ("", False),
        ("tests/test_contract.py -k graders", False),
        ("-k --submissions", False),
        ("--pyargs numpy", False),
        (".", False),
    ],
)
def test_which_runs_are_ours(line, ours):
    """The short option names are taken only where the grader's tests are asked for."""
    assert concerns(line.split(), ROOT) is ours


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--submission", "nowhere.ipynb"), "there is no nowhere.ipynb; check the name and the folder"),
        (("--assignment", "ps9"), "no assignment is called 'ps9'; there are ps1_model_and_loss, "),
    ],
)
def test_bad_options_are_refused(arguments, sentence):
    """A path or an assignment that does not exist is one sentence and pytest's exit code for usage."""
    done = run_pytest("graders", *arguments)
    assert done.returncode == 4
    assert f"ERROR: {sentence}" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_nothing_to_grade_is_an_error(tmp_path):
    """An empty folder is no success: the run fails and says what it looked for."""
    done = run_pytest("graders", "--submission", tmp_path, "--assignment", "ps3")
    assert done.returncode == 2
    assert f"No submission for {SLUG} lies under {tmp_path.name}: submissions are .ipynb and .py files." in done.stdout
    assert "Traceback" not in done.stdout


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade a small class once: right, wrong, without hints, a stub, a damaged notebook, and a file of no assignment."""
    folder = tmp_path_factory.mktemp("class")
    for name, source in [("ada", RIGHT), ("bob", WRONG), ("eve", UNHINTED), ("flo", STUB)]:
        (folder / f"{name}.py").write_text(HEADER + source, encoding="utf-8")
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(HEADER), nbformat.v4.new_code_cell(STUB)])
    (folder / "dan").mkdir()
    nbformat.write(made, folder / "dan" / f"{SLUG}.ipynb")
    (folder / "cyd").mkdir()
    (folder / "cyd" / f"{SLUG}.ipynb").write_text("{ not json", encoding="utf-8")
    (folder / "gus.py").write_text("print(1)\n", encoding="utf-8")
    file = folder.parent / "junit.xml"
    done = run_pytest("graders", "--submission", folder, "--seed", 7, "--device", "cpu", f"--junitxml={file}", "-rs")
    assert done.returncode == 1, done.stdout + done.stderr
    return outcomes(file), done.stdout


@pytest.mark.slow
def test_one_test_for_each_exercise_and_case(graded):
    """A right function passes every case, public, hidden, and its type hints; what the file leaves out is skipped."""
    tests, _ = graded
    ada = {name.removeprefix(f"ada-{SLUG}-"): outcome for name, (outcome, _) in tests.items() if name.startswith("ada")}
    assert ada["train_batch-three_points"] == ada["train_batch-hidden_second_call"] == "passed"
    assert ada["train_batch-type_hints"] == "passed"
    assert {outcome for name, outcome in ada.items() if name.startswith("train_batch")} == {"passed"}
    assert {outcome for name, outcome in ada.items() if name.startswith("plot_losses")} == {"skipped"}


@pytest.mark.slow
def test_the_report_is_the_message(graded):
    """A wrong case fails with the report and nothing of Python's or pytest's."""
    tests, output = graded
    outcome, message = tests[f"bob-{SLUG}-train_batch-three_points"]
    assert outcome == "failure"
    assert "three_points · float64 on cpu: " in message
    assert " off, 1e-09 allowed" in message
    assert "train_batch · three points, lr 0.0625, 3 updates" in message
    assert tests[f"bob-{SLUG}-train_batch-no_epochs"][0] == "passed"
    assert "Traceback" not in output
    assert "pytest.fail" not in output
    assert "def test_case" not in output
    assert re.search(r"descentlab: class\d+, seed 7, float32 on cpu", output)


@pytest.mark.slow
def test_missing_hints_are_a_test_of_their_own(graded):
    """Right numbers without type hints fail one test only, and the message shows the signature."""
    tests, _ = graded
    failed = [name for name, (outcome, _) in tests.items() if name.startswith("eve") and outcome == "failure"]
    assert failed == [f"eve-{SLUG}-train_batch-type_hints"]


@pytest.mark.slow
def test_not_attempted_is_a_failure(graded):
    """A submission whose exercises are not attempted fails and says so; nothing hides behind skips."""
    tests, _ = graded
    for student in ("dan", "flo"):
        outcome, message = tests[f"{student}-{SLUG}-train_batch-three_points"]
        assert outcome == "failure"
        assert "three_points · not attempted" in message
        assert tests[f"{student}-{SLUG}-train_batch-type_hints"][0] == "failure"


@pytest.mark.slow
def test_what_cannot_be_read_fails_with_its_sentence(graded):
    """A damaged notebook and a file of no assignment fail with what to do; the others are graded all the same."""
    tests, _ = graded
    outcome, message = tests[f"cyd-{SLUG}-train_batch-three_points"]
    assert outcome == "failure"
    assert f"{SLUG}.ipynb" in message
    assert tests["gus-readable"][0] == "failure"
    assert "gus.py does not tell which assignment it answers. Name it with --assignment." in tests["gus-readable"][1]


@pytest.mark.slow
def test_the_reference_passes(tmp_path):
    """Without a submission the reference is graded, and everything passes."""
    file = tmp_path / "junit.xml"
    done = run_pytest("graders", "--assignment", "ps3", f"--junitxml={file}")
    assert done.returncode == 0, done.stdout + done.stderr
    tests = outcomes(file)
    assert tests[f"{SLUG}-train_batch-tutorials_table"] == ("passed", "")
    assert tests[f"{SLUG}-plot_losses-two_curves"] == ("passed", "")
    assert {outcome for outcome, _ in tests.values()} == {"passed"}


def exercise(status, cases=(), parts=()):
    report = Report("train_batch · three points", says=("It differs.",), parts=parts)
    return ExerciseVerdict("train_batch", 0.0, 6.0, status, "", "", (), None, cases, report)


def run(case, *, passed, deviation=None, dtype="float64"):
    return CaseResult(case, dtype, "cpu", passed, deviation, 1e-9)


@pytest.mark.parametrize(
    ("deviation", "words"),
    [
        (0.24, "float64 on cpu: 0.24 off, 1e-09 allowed"),
        (None, "float64 on cpu: no numbers to compare"),
        (0.0, "float64 on cpu: right numbers, something else is wrong"),
    ],
)
def test_one_run_in_words(deviation, words):
    """Each failed run says how far off it is."""
    assert run_words(run("a", passed=False, deviation=deviation)) == words


def test_which_cases_fail():
    """A case fails with its own runs and the exercise's report, and a case nobody ran is no pass."""
    verdict = exercise("failed", (run("a", passed=True), run("b", passed=False, deviation=0.5)))
    assert case_problem(verdict, "a") == ""
    assert case_problem(verdict, "b").splitlines()[:3] == [
        "b · float64 on cpu: 0.5 off, 1e-09 allowed",
        "",
        "train_batch · three points" + " " * 47 + "0 of 6 points",
    ]
    assert case_problem(verdict, "c").startswith("c · train_batch was not judged on c")


def test_when_the_hints_fail():
    """Hints fail where they alone cost points or where other parts earned some, not beside wrong numbers only."""
    lost, kept = ("hints", 0.0, 0.6), ("hints", 0.6, 0.6)
    assert hints_problem(exercise("passed")) == ""
    assert hints_problem(exercise("failed", (run("a", passed=True),)))
    assert hints_problem(exercise("failed", (run("a", passed=False),), (("loss", 1.0, 2.0), lost)))
    assert hints_problem(exercise("failed", (run("a", passed=False),), (("loss", 1.0, 2.0), kept))) == ""
    assert hints_problem(exercise("failed", (run("a", passed=False),), (("loss", 0.0, 2.0), lost))) == ""
    assert "not attempted" in hints_problem(exercise("not-attempted"))


def test_what_counts_as_left_out():
    """Only a ``.py`` file that answers something may leave exercises out."""
    absent, there = exercise("not-attempted"), exercise("failed")

    def submission(path, *exercises):
        return SubmissionVerdict("a", SLUG, path, "graded", 0, 8, 0, exercises)

    assert left_out(absent, submission("a.py", absent, there))
    assert not left_out(there, submission("a.py", absent, there))
    assert not left_out(absent, submission("a.py", absent, absent))
    assert not left_out(absent, submission("a.ipynb", absent, there))
