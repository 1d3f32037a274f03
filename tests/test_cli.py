"""The command line: quick to start, one sentence for every mistake, exit codes as published."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graders import __version__
from graders.cards import SLUGS
from graders.frontends.cli import ComplaintError, app, slug_of

ROOT = Path(__file__).resolve().parents[1]
runner = CliRunner()


def run(*arguments):
    result = runner.invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def complaint(*arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("descentlab: ")
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr
    return result.stderr


def test_help_starts_nothing_heavy():
    """--help and --version import neither torch nor numpy, nbformat, IPython or nbgrader."""
    script = (
        "import sys\nfrom graders.frontends.cli import app\n"
        "try: app(sys.argv[1:], prog_name='descentlab')\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'numpy', 'nbformat', 'IPython', 'nbgrader', 'matplotlib', 'jsonschema'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    for arguments in (["--help"], ["--version"], ["grade", "--help"], ["grade", "nowhere"]):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_help_names_every_command_and_option():
    """Every command and every option of ARCHITECTURE is there."""
    text = run("--help").stdout
    for name in ("check", "grade", "build", "doctor", "demo", "report", "--version"):
        assert name in text
    text = run("grade", "--help").stdout
    for name in (
        "assignment",
        "seed",
        "device",
        "jobs",
        "format",
        "out",
        "feedback",
        "fresh",
        "resume",
        "trust-submissions",
    ):
        assert f"--{name}" in text
    assert __version__ in run("--version").stdout


def test_python_m_graders_is_the_same_command():
    """`python -m graders` calls itself descentlab."""
    done = subprocess.run(
        [sys.executable, "-m", "graders", "--version"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"descentlab {__version__}\n"


def test_assignments_may_be_named_in_short():
    """ps3 is ps3_batch_descent; anything else lists what there is."""
    assert slug_of("ps3") == slug_of("ps3_batch_descent") == "ps3_batch_descent"
    assert slug_of(None) is None
    with pytest.raises(ComplaintError) as caught:
        slug_of("ps33")
    assert all(slug in str(caught.value) for slug in SLUGS)


def test_wrong_arguments_get_one_sentence(tmp_path):
    """A missing path, an unknown assignment, an empty folder, a file that is no result."""
    assert "There is no" in complaint("grade", tmp_path / "nobody")
    assert "No assignment is called 'ps9'" in complaint("grade", "--assignment", "ps9", tmp_path)
    assert "No submission lies under" in complaint("grade", tmp_path)
    assert "There is no" in complaint("check", tmp_path / "x.py")
    (tmp_path / "x.json").write_text("{}")
    assert "x.json is no result" in complaint("report", tmp_path / "x.json")
    assert "descentlab grade --out" in complaint("report", tmp_path)


def test_check_refuses_what_it_cannot_read(tmp_path):
    """A file without any of the course's functions, and a damaged notebook."""
    (tmp_path / "x.py").write_text("a = 1\n")
    assert "--assignment" in complaint("check", tmp_path / "x.py")
    (tmp_path / "ps3.ipynb").write_text("{")
    assert "damaged" in complaint("check", tmp_path / "ps3.ipynb")


def test_results_inside_the_class_folder_are_no_submissions(tmp_path, monkeypatch):
    """`grade . --out out` and `grade . --out .` do not take their own folders for students."""
    from graders.frontends import grade_command

    for name in ("ada/x.py", "out/records.jsonl", "feedback/ada/ps3.html", "gradescope/ada/ps3.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def train_batch(): pass\n")
    seen = []

    class StoppedError(Exception):
        pass

    def stop(found, **_):
        seen.append([one.student for one in found])
        raise StoppedError

    monkeypatch.setattr(grade_command, "grade_class", stop)
    monkeypatch.chdir(tmp_path)
    for out in ("out", "."):
        assert run("grade", ".", "--out", out, "--device", "cpu").exit_code == 2
    assert seen == [["ada", "feedback", "gradescope"], ["ada", "out"]]


def test_a_device_that_is_not_there_is_refused(tmp_path, monkeypatch):
    """--device cuda without CUDA is a sentence, not a crash in the middle of a class."""
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (tmp_path / "ada.py").write_text("def train_batch(): pass\n")
    assert "--device cpu" in complaint("grade", tmp_path, "--device", "cuda")


def test_usage_errors_exit_with_two():
    """What typer itself refuses has the same exit code."""
    assert run("grade").exit_code == 2
    assert run("grade", ".", "--format", "xml").exit_code == 2
    assert run("grade", ".", "--jobs", "0").exit_code == 2
    assert run("nonsense").exit_code == 2
