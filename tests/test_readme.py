"""The README's commands and examples, run as they stand."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import CORPUS, judged

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", TEXT, flags=re.MULTILINE)
OURS = [command for command in COMMANDS if command.split()[0] in {"descentlab", "pytest"} and "doctor" not in command]


def test_the_commands_for_a_fresh_machine_name_environments_there_are():
    """Both start from pip alone, and name an environment of tox.ini, or none."""
    config = configparser.ConfigParser()
    config.read(ROOT / "tox.ini")
    tox = [command for command in COMMANDS if "tox run" in command]
    assert [command.split("&& ")[1] for command in tox] == ["tox run -e demo", "tox run"]
    assert all(command.startswith("python -m pip install -q tox && ") for command in tox)
    assert "testenv:demo" in config
    for named in re.findall(r"tox run -e ([\w-]+)", TEXT):
        assert f"testenv:{named}" in config or named in {"py311-cuda", "py311-cpu"}


def test_the_message_is_the_message():
    """The example is what a student with that mistake reads."""
    from graders.frontends.text import report_text

    verdict = judged("train_batch", CORPUS / "train_batch" / "wrong" / "factor-two-missing.py")
    shown = re.search(r"```text\n(.+?)```", TEXT, flags=re.DOTALL).group(1)
    told = [" ".join(line.split()) for line in report_text(verdict).splitlines()]
    for line in shown.splitlines():
        assert " ".join(line.split()) in told, line


@pytest.mark.slow
def test_the_commands_run_as_they_stand(tmp_path):
    """Each command of ours, in the order of the README, in a folder with one submission."""
    (tmp_path / "submissions").mkdir()
    right = CORPUS / "train_batch" / "right" / "closed_form.py"
    shutil.copy(right, tmp_path / "submissions" / "ada.py")
    shutil.copy(right, tmp_path / "ada.py")
    assert len(OURS) >= 4
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    for command in OURS:
        words = command.split()
        if words[0] == "pytest":
            continue  # tests/test_pytest_plugin.py runs it in every form
        done = subprocess.run(
            [sys.executable, "-m", "graders", *words[1:]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
        assert "ada" in done.stdout or "results" in command, command
    assert (tmp_path / "results").is_dir()


def test_the_nbgrader_commands_are_those_the_course_tests_run():
    """What the README tells an instructor to type is what the real course test types."""
    told = {command.split()[1] for command in COMMANDS if command.startswith("nbgrader ")}
    tested = "".join((ROOT / "tests" / name).read_text() for name in ("test_nbgrader_course.py", "test_demo.py"))
    assert told <= {"generate_assignment", "autograde", "generate_feedback", "export", "zip_collect"}
    for name in told - {"zip_collect"}:
        assert name in tested


def test_named_files_exist():
    """Every path the README names stands in the repository."""
    for name in re.findall(r"`((?:assignments|solutions|graders|tests)/[\w/.]*)`", TEXT):
        assert (ROOT / name).exists(), name
